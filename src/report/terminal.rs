//! stub
pub fn render(_r: &super::Report) -> String {
    format!("{} estimates\n", _r.estimates.len())
}
pub fn plain(t: &str) -> String {
    t.chars().filter(|c| !c.is_control()).collect()
}
