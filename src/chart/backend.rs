//! Plotters' SVG backend, with text measured by arithmetic.
//!
//! Plotters would otherwise ask a font: in a page it inserts an element to measure, in a worker it panics, and natively it guesses.

use plotters::prelude::SVGBackend;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use super::text;

type Outcome = Result<(), DrawingErrorKind<std::io::Error>>;

/// See the module's doc.
pub(super) struct MeasuredSvg<'a>(SVGBackend<'a>);

impl<'a> MeasuredSvg<'a> {
    /// Draws into `target`.
    pub(super) fn new(target: &'a mut String, size: (u32, u32)) -> Self {
        Self(SVGBackend::with_string(target, size))
    }
}

impl DrawingBackend for MeasuredSvg<'_> {
    type ErrorType = std::io::Error;

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Outcome {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Outcome {
        self.0.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Outcome {
        self.0.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Outcome {
        self.0.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, upper_left: BackendCoord, lower_right: BackendCoord, style: &S, fill: bool) -> Outcome {
        self.0.draw_rect(upper_left, lower_right, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Outcome {
        self.0.draw_path(path, style)
    }

    fn draw_circle<S: BackendStyle>(&mut self, center: BackendCoord, radius: u32, style: &S, fill: bool) -> Outcome {
        self.0.draw_circle(center, radius, style, fill)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, corners: I, style: &S) -> Outcome {
        self.0.fill_polygon(corners, style)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Outcome {
        self.0.draw_text(text, style, at)
    }

    fn estimate_text_size<S: BackendTextStyle>(&self, content: &str, style: &S) -> Result<(u32, u32), DrawingErrorKind<Self::ErrorType>> {
        // Whole pixels, as plotters wants; the size is small and positive, so the casts lose nothing that shows.
        Ok((text::width(content, style.size()).ceil() as u32, style.size().ceil() as u32))
    }
}
