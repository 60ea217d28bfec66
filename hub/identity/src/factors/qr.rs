//! A picture that an authenticator reads: dark squares as one path, so that the page needs neither an image nor a style of its own.

use askama::Template;
use kernel::{Error, Result};
use qrcode::{Color, EcLevel, QrCode};

/// The quiet frame that readers need around it.
const FRAME: usize = 4;

/// The picture of a text.
#[derive(Debug, Clone, Template)]
#[template(
    source = r##"<svg role="img" aria-label="{{ label }}" width="232" height="232" viewBox="0 0 {{ side }} {{ side }}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{{ side }}v{{ side }}H0z"/><path fill="#000" d="{{ path }}"/></svg>"##,
    ext = "html"
)]
pub struct Picture {
    label: String,
    side: usize,
    path: String,
}
impl askama::filters::HtmlSafe for Picture {}

impl Picture {
    /// Draws it. The label tells who cannot see it what it is.
    pub fn of(text: &str, label: String) -> Result<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(|error| Error::broken(error.to_string()))?;
        let width = code.width();
        let dark = code.to_colors().into_iter().enumerate().filter(|(_, color)| *color == Color::Dark);
        let path = dark.map(|(place, _)| format!("M{} {}h1v1h-1z", place % width + FRAME, place / width + FRAME)).collect();
        Ok(Self { label, side: width + 2 * FRAME, path })
    }
}

impl Picture {
    /// The drawing alone, for a document.
    pub fn svg(&self) -> String {
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}"><path d="{path}"/></svg>"#, side = self.side, path = self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_the_three_corners_and_no_word() {
        let picture = Picture::of("otpauth://totp/Shanyraq:a?secret=GEZDGNBV", "<code>".into()).unwrap();
        let (svg, far) = (picture.render().unwrap(), picture.side - FRAME - 1);
        for corner in [(FRAME, FRAME), (far, FRAME), (FRAME, far)] {
            assert!(svg.contains(&format!("M{} {}h1v1h-1z", corner.0, corner.1)), "{corner:?}");
        }
        assert!(!svg.contains("GEZDGNBV") && !svg.contains("<code>"));
    }
}
