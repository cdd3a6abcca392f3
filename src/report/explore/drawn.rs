//! The explorer's parts as HTML. Whatever came from the file is escaped; nothing here is a script.
//!
//! Groups and curves are drawn by scales that stand still while the threshold moves, so that a step shows as a step.

use std::fmt::Write as _;

use super::super::html::escape::{attribute, text};
use super::super::words::{capital, metric_name};
use super::numbers::{GroupMeasure, GroupRow, Measure};

/// How wide and how high the sweep is, in its own units.
const DRAWING: (f64, f64) = (1000.0, 300.0);

/// Where a threshold stands among the stops, from 0 for the first to 1 for the last; between two stops in proportion.
pub fn share_of_way(stops: &[f64], threshold: f64) -> f64 {
    let last = stops.len().saturating_sub(1);
    let after = stops.partition_point(|stop| *stop <= threshold);
    if last == 0 || after == 0 {
        return 0.0;
    }
    if after > last {
        return 1.0;
    }
    let (low, high) = (stops[after - 1], stops[after]);
    ((after - 1) as f64 + (threshold - low) / (high - low)) / last as f64
}

/// The measures over all stops, a line each, and the audit's threshold.
pub(super) fn sweep(stops: &[f64], audited: Option<f64>, metrics: &[&str], curves: &[Vec<Option<f64>>]) -> String {
    let (width, height) = DRAWING;
    let names: Vec<String> = metrics.iter().map(|metric| metric_name(metric)).collect();
    let end = |stop: Option<&f64>| stop.map(f64::to_string).unwrap_or_default();
    let mut out = format!(
        "<svg viewBox=\"0 0 {width} {height}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{} over all thresholds from {} to {}. The table has \
         the numbers at the threshold.\">",
        capital(&names.join(", ")),
        end(stops.first()),
        end(stops.last())
    );
    for share in [0.0, 0.5, 1.0] {
        let y = share * height;
        let _ = write!(out, "<path class=\"sweep__rule\" d=\"M0 {y}H{width}\"/>");
    }
    let way = audited.map(|threshold| share_of_way(stops, threshold));
    if let Some(way) = way {
        let _ = write!(out, "<path class=\"sweep__audited\" d=\"M{:.1} 0V{height}\"/>", way * width);
    }
    for (place, curve) in curves.iter().enumerate() {
        let _ = write!(out, "<path class=\"curve curve--{place}\" d=\"{}\"/>", path(curve));
    }
    out.push_str("</svg>");
    if let Some(way) = way {
        let _ = write!(
            out,
            "<span class=\"sweep__name\" style=\"inset-inline-start:{:.1}%\">as audited</span>",
            way * 100.0
        );
    }
    out.push_str(
        "<span class=\"sweep__scale sweep__scale--top\">100\u{202f}%</span><span class=\"sweep__scale sweep__scale--middle\">50\u{202f}%</span>",
    );
    out
}

/// A curve over the stops; broken where there is no value.
fn path(values: &[Option<f64>]) -> String {
    let (width, height) = DRAWING;
    let last = values.len().saturating_sub(1).max(1) as f64;
    let mut path = String::new();
    let mut is_drawing = false;
    for (stop, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let step = if is_drawing { 'L' } else { 'M' };
            let _ = write!(path, "{step}{:.1} {:.1}", stop as f64 / last * width, (1.0 - value) * height);
        }
        is_drawing = value.is_some();
    }
    path
}

/// An exact value for machines.
fn exact(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| format!(" data-exact=\"{value}\""))
}

/// A cell's number.
fn cell(measure: &Measure, under: &str) -> String {
    format!(
        "<td class=\"number\" data-measure=\"{}\"{}>{}{under}</td>",
        attribute(&measure.metric),
        exact(measure.value),
        text(&measure.now)
    )
}

/// A table's head; every name but the first over a column of numbers.
fn head(class: &str, names: &[&str]) -> String {
    let mut out = format!("<table class=\"table {class}\"><thead><tr>");
    for (place, name) in names.iter().enumerate() {
        let number = if place == 0 { "" } else { " class=\"number\"" };
        let tag = if name.is_empty() { "td" } else { "th scope=\"col\"" };
        let _ = write!(out, "<{tag}{number}>{}</{}>", text(name), &tag[..2]);
    }
    out.push_str("</tr></thead><tbody>");
    out
}

/// The measures that the sweep draws, with the lines by which they are told apart.
pub(super) fn main(measures: &[Measure]) -> String {
    let mut out = head("explore__main", &["all rows", "here", "change, points"]);
    for (place, measure) in measures.iter().enumerate() {
        let _ = write!(
            out,
            "<tr><th scope=\"row\"><svg class=\"swatch\" viewBox=\"0 0 24 8\" aria-hidden=\"true\"><path class=\"curve curve--{place}\" d=\"M1 4H23\"/></svg>{}</th>{}\
             <td class=\"number change\">{}</td></tr>",
            text(&measure.name),
            cell(measure, &format!(" <small class=\"under\">{}</small>", text(&measure.note))),
            text(&measure.change)
        );
    }
    out.push_str("</tbody></table>");
    out
}

/// What happens to rows: sentences, and the confusion matrix.
pub(super) fn words(sentences: &[String], cells: &[Measure], positive: &str) -> String {
    let mut out = "<ul class=\"explore__said\">".to_owned();
    for sentence in sentences {
        let _ = write!(out, "<li>{}</li>", text(sentence));
    }
    out.push_str("</ul>");
    let [tp, fp, fn_, tn] = cells else { return out };
    let predicted = [format!("predicted “{positive}”"), format!("not predicted “{positive}”")];
    out.push_str(&head("explore__cells", &["", &predicted[0], &predicted[1]]));
    for (name, own) in [
        (format!("“{positive}” in truth"), [tp, fn_]),
        (format!("not “{positive}” in truth"), [fp, tn]),
    ] {
        let _ = write!(out, "<tr><th scope=\"row\">{}</th>", text(&name));
        for measure in own {
            out.push_str(&cell(
                measure,
                &format!(" <small class=\"change\">{}</small>", text(&measure.change)),
            ));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
    out
}

/// Measures with everything that is known of them.
pub(super) fn more(measures: &[Measure]) -> String {
    let mut out = head(
        "explore__more",
        &["measure", "here", "interval", "as audited", "change (of %: points)"],
    );
    for measure in measures {
        let _ = write!(out, "<tr><th scope=\"row\">{}</th>{}", text(&measure.name), cell(measure, ""));
        for more in [&measure.note, &measure.audited, &measure.change] {
            let _ = write!(out, "<td class=\"number\">{}</td>", text(more));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table>");
    out
}

/// The groups, a block a measure.
pub(super) fn groups(measures: &[GroupMeasure], note: &str) -> String {
    let mut out = "<div class=\"explore__blocks\">".to_owned();
    for measure in measures {
        let _ = write!(
            out,
            "<section class=\"groups\" data-group-measure=\"{}\" aria-label=\"{name}\"><h3>{} <small>{name}</small></h3><p class=\"groups__gap\">{}</p><ul \
             class=\"groups__rows\">",
            attribute(&measure.metric),
            text(&measure.title),
            text(&measure.gap),
            name = text(&measure.name)
        );
        for row in &measure.rows {
            out.push_str(&group(row));
        }
        out.push_str("</ul></section>");
    }
    let _ = write!(
        out,
        "</div><p class=\"explore__note\">From 0 to 100\u{202f}%: the dot is the group at this threshold with its interval, the stroke across is the group as audited, \
         the number at the end the change in points. {}</p>",
        text(note)
    );
    out
}

fn group(row: &GroupRow) -> String {
    let x = |value: f64| value.clamp(0.0, 1.0) * 1000.0;
    let mut marks = String::new();
    if let Some((low, high)) = row.limits {
        let _ = write!(marks, "<path class=\"track__limits\" d=\"M{:.1} 8H{:.1}\"/>", x(low), x(high));
    }
    if let Some(audited) = row.audited {
        let _ = write!(marks, "<path class=\"track__audited\" d=\"M{:.1} 1V15\"/>", x(audited));
    }
    if let Some(value) = row.value {
        let _ = write!(marks, "<path class=\"track__dot\" d=\"M{:.1} 8h0\"/>", x(value));
    }
    format!(
        "<li class=\"group{}\" data-group=\"{}\"{}><bdi class=\"group__name\">{}</bdi><span class=\"group__said\">{} <small class=\"change\">{}</small></span>\
         <svg class=\"track\" viewBox=\"0 0 1000 16\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><path class=\"track__axis\" d=\"M0 8H1000\"/>{marks}</svg></li>",
        if row.is_muted { " group--muted" } else { "" },
        attribute(&row.name),
        exact(row.value),
        text(&row.name),
        text(&row.said),
        text(&row.change)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_have_their_place_between_stops() {
        let stops = [0.0, 0.25, 0.5, 1.0];
        let way = |threshold| share_of_way(&stops, threshold);
        assert_eq!((way(-1.0), way(0.0), way(1.0), way(2.0)), (0.0, 0.0, 1.0, 1.0));
        assert_eq!((way(0.25), way(0.75)), (1.0 / 3.0, 2.5 / 3.0));
        assert_eq!(share_of_way(&[3.0], 3.0), 0.0);
    }

    #[test]
    fn a_curve_is_broken_where_it_has_no_value() {
        let values = [Some(0.0), Some(1.0), None, Some(0.5), Some(0.5)];
        assert_eq!(path(&values), "M0.0 300.0L250.0 0.0M750.0 150.0L1000.0 150.0");
    }

    #[test]
    fn what_came_from_the_file_is_text() {
        let row = GroupRow {
            name: "<img onerror=\"x\">".to_owned(),
            value: Some(0.25),
            limits: Some((0.2, 2.0)),
            audited: None,
            said: "25.0".to_owned(),
            change: String::new(),
            is_muted: false,
        };
        let drawn = group(&row);
        assert!(
            !drawn.contains("<img") && drawn.contains("data-group=\"&lt;img onerror=&quot;x&quot;&gt;\""),
            "{drawn}"
        );
        assert!(
            drawn.contains("data-exact=\"0.25\"") && drawn.contains("M200.0 8H1000.0"),
            "{drawn}"
        );
        let words = words(&["“<b>”".to_owned()], &[], "<b>");
        assert!(!words.contains("<b>"), "{words}");
    }
}
