//! Where the numbers of the labels oracle stand in a report: of columns of yes and no, found by their names.

use super::*;

pub(super) fn address(entry: &Entry) -> Option<Address> {
    let weight = if entry.get("weighted")? == "True" { " --weight w" } else { "" };
    let run = format!("labels.csv{weight}");
    let name = id_of(&entry.metric);
    Some(match entry.get("average") {
        Some(average) => Address::new(&run, &format!("{name}_{average}")),
        None => Address::new(&run, name).param("label", entry.get("label")),
    })
}
