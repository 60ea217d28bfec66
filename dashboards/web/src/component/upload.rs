//! A file on its way to the server: stands in the form that sends it. With script it shows how much is gone and lets one stop, and a file that is
//! too large is not even begun; without, it is nothing, and the form is sent by the browser.

use askama::{Template, filters::HtmlSafe};

use crate::{i18n::Texts, upload::MOST};

/// The progress of the form around it.
#[derive(Debug, Clone, Template)]
#[template(
    source = r#"<div class="sh-upload" data-upload="{{ most }}" data-upload-large="{{ large }}" data-upload-failed="{{ failed }}" data-upload-said="{{ said }}" data-upload-wait="{{ wait }}" hidden><div data-upload-moving hidden><p role="status"></p><progress max="100" value="0" aria-label="{{ label }}"></progress><button type="button" class="btn btn-sm" data-upload-cancel>{{ cancel }}</button></div><p class="sh-error" role="alert"></p></div>"#,
    ext = "html"
)]
pub struct UploadProgress {
    most: usize,
    large: String,
    failed: String,
    said: String,
    wait: String,
    label: String,
    cancel: String,
}
impl HtmlSafe for UploadProgress {}

impl UploadProgress {
    /// For a form with one file.
    pub fn new(t: &Texts<'_>) -> Self {
        Self {
            most: MOST,
            large: t.text("upload-too-large"),
            failed: t.text("upload-failed"),
            said: t.text("upload-said"),
            wait: t.text("upload-wait"),
            label: t.text("upload-label"),
            cancel: t.text("upload-cancel"),
        }
    }
}
