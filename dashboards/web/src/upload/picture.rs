//! Pictures, decoded within bounds and written anew: nothing of the file that came is left but what can be seen.

use std::io::Cursor;

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, RgbImage, codecs::jpeg::JpegEncoder};
use kernel::file::Media;

/// The longest side that is decoded.
const SIDE_MOST: u32 = 12_000;
/// The most pixels that are decoded: a good phone's camera.
const PIXELS_MOST: u64 = 50_000_000;
/// The most memory that decoding may ask for.
const MEMORY_MOST: u64 = 256 * 1024 * 1024;
/// Of the written picture.
const QUALITY: u8 = 85;

/// The longest sides of a picture and of the small one beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Of the picture.
    pub full: u32,
    /// Of the small one.
    pub small: u32,
}

/// A picture in two sizes, both JPEG without anything beside what is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// The picture.
    pub full: Vec<u8>,
    /// The small one.
    pub small: Vec<u8>,
}

/// The picture written anew; nothing when it cannot be read, or is larger than we decode.
pub(super) fn written_anew(media: Media, bytes: &[u8], sizes: Sizes) -> Option<Picture> {
    let image = decode(media, bytes)?;
    Some(Picture { full: written(&image, sizes.full)?, small: written(&image, sizes.small)? })
}

fn decode(media: Media, bytes: &[u8]) -> Option<DynamicImage> {
    let format = match media {
        Media::Jpeg => ImageFormat::Jpeg,
        Media::Png => ImageFormat::Png,
        Media::Webp => ImageFormat::WebP,
        Media::Pdf => return None,
    };
    let mut limits = Limits::default();
    limits.max_image_width = Some(SIDE_MOST);
    limits.max_image_height = Some(SIDE_MOST);
    limits.max_alloc = Some(MEMORY_MOST);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PIXELS_MOST {
        return None;
    }
    // A phone held upright says so beside the picture; what is written anew stands as it is seen.
    let orientation = decoder.orientation().ok();
    let mut image = DynamicImage::from_decoder(decoder).ok()?;
    if let Some(orientation) = orientation {
        image.apply_orientation(orientation);
    }
    Some(image)
}

fn written(image: &DynamicImage, side: u32) -> Option<Vec<u8>> {
    let fits = image.width() <= side && image.height() <= side;
    let shown = if fits { on_white(image) } else { on_white(&image.thumbnail(side, side)) };
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, QUALITY).encode_image(&shown).ok()?;
    Some(out)
}

/// What is transparent becomes white, as on paper.
fn on_white(image: &DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.to_rgb8();
    }
    let rgba = image.to_rgba8();
    let mut white = RgbImage::new(rgba.width(), rgba.height());
    for (to, from) in white.pixels_mut().zip(rgba.pixels()) {
        let [red, green, blue, alpha] = from.0;
        to.0 = [red, green, blue].map(|colour| blend(colour, alpha));
    }
    white
}

fn blend(colour: u8, alpha: u8) -> u8 {
    let (colour, alpha) = (u16::from(colour), u16::from(alpha));
    u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use image::{ImageEncoder, codecs::png::PngEncoder};
    use proptest::prelude::*;

    use super::*;

    fn png(width: u32, height: u32) -> Vec<u8> {
        let image = image::RgbaImage::from_pixel(width, height, image::Rgba([200, 10, 10, 0]));
        let mut out = Vec::new();
        PngEncoder::new(&mut out).write_image(&image, width, height, image::ExtendedColorType::Rgba8).unwrap();
        out
    }

    const SIZES: Sizes = Sizes { full: 64, small: 16 };

    #[test]
    fn a_picture_is_made_small_and_what_is_clear_is_white() {
        let picture = written_anew(Media::Png, &png(300, 150), SIZES).unwrap();
        let full = image::load_from_memory(&picture.full).unwrap().to_rgb8();
        assert_eq!((full.width(), full.height()), (64, 32));
        assert!(full.pixels().all(|pixel| pixel.0.iter().all(|colour| *colour > 250)));
        assert_eq!(image::load_from_memory(&picture.small).unwrap().width(), 16);
    }

    #[test]
    fn what_was_hidden_in_a_picture_is_gone() {
        let mut jpeg = Vec::new();
        JpegEncoder::new(&mut jpeg).encode_image(&RgbImage::new(8, 8)).unwrap();
        let secret = b"GPS 43.2389 76.8897";
        let length = u16::try_from(secret.len() + 8).unwrap().to_be_bytes();
        let exif = [&[0xff, 0xe1][..], &length, b"Exif\0\0", secret].concat();
        let with = [&jpeg[..2], &exif, &jpeg[2..]].concat();
        assert!(with.windows(secret.len()).any(|window| window == secret));
        let picture = written_anew(Media::Jpeg, &with, SIZES).unwrap();
        assert!(!picture.full.windows(secret.len()).any(|window| window == secret));
    }

    #[test]
    fn a_picture_that_claims_to_be_vast_is_not_decoded() {
        let mut bomb = png(4, 4);
        // Width and height stand in the first chunk; a decoder that believed them would ask for gigabytes.
        bomb[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
        assert_eq!(written_anew(Media::Png, &bomb, SIZES), None);
    }

    proptest! {
        #[test]
        fn no_bytes_panic(noise in prop::collection::vec(any::<u8>(), 0..300), cut in 0_usize..200) {
            for (media, head) in [(Media::Png, &b"\x89PNG\r\n\x1a\n"[..]), (Media::Jpeg, &[0xff, 0xd8, 0xff][..]), (Media::Webp, &b"RIFF\0\x01\0\0WEBPVP8 "[..])] {
                written_anew(media, &[head, &noise].concat(), SIZES);
            }
            let whole = png(9, 9);
            written_anew(Media::Png, whole.get(..cut.min(whole.len())).unwrap(), SIZES);
        }
    }
}
