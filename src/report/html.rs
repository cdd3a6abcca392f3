//! stub
pub fn document(_r: &super::Report) -> String {
    String::new()
}
pub fn body(_r: &super::Report) -> String {
    String::new()
}
