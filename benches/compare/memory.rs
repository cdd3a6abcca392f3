//! The most memory that a page's process held, where the system says so.

use std::fs;

/// The most resident bytes of any renderer that this process started, through however many others.
pub fn of_renderers() -> Option<f64> {
    let own = std::process::id();
    let processes = fs::read_dir("/proc").ok()?.flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    ids.filter(|&id| is_renderer(id) && is_under(id, own))
        .filter_map(|id| status(id, "VmHWM:"))
        .map(|kilobytes| f64::from(kilobytes) * 1024.0)
        .max_by(f64::total_cmp)
}

fn is_renderer(id: u32) -> bool {
    fs::read_to_string(format!("/proc/{id}/cmdline")).is_ok_and(|words| words.contains("--type=renderer"))
}

fn is_under(mut id: u32, ancestor: u32) -> bool {
    while id > 1 {
        if id == ancestor {
            return true;
        }
        let Some(parent) = status(id, "PPid:") else { return false };
        id = parent;
    }
    false
}

fn status(id: u32, field: &str) -> Option<u32> {
    let text = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = text.lines().find(|line| line.starts_with(field))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
