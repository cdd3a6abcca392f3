//! The product as it lies in `dist/`: one file, and the parts that it is folded from.

use std::path::Path;

const PRODUCT: &str = "dist/index.html";

/// All of it.
pub fn bytes() -> Vec<u8> {
    std::fs::read(PRODUCT).unwrap_or_else(|error| panic!("{PRODUCT}: {error}; `make site` builds it"))
}

/// All of it, as text.
pub fn text() -> String {
    String::from_utf8(bytes()).expect("the product is UTF-8")
}

/// Its address on disk.
pub fn file_url() -> String {
    let path = Path::new(PRODUCT)
        .canonicalize()
        .unwrap_or_else(|error| panic!("{PRODUCT}: {error}; `make site` builds it"));
    format!("file://{}", path.display())
}

/// The product without its Content-Security-Policy: what the policy is worth shows in comparison with this.
pub fn without_policy() -> Vec<u8> {
    let page = text();
    let start = page
        .find("<meta http-equiv=\"Content-Security-Policy\"")
        .expect("the product has a policy");
    let end = start + page[start..].find('>').expect("the tag ends") + 1;
    let open = format!("{}{}", &page[..start], &page[end..]);
    assert!(
        !open.contains("Content-Security-Policy\""),
        "one policy was removed, and there was only one"
    );
    open.into_bytes()
}

/// A script or data block: its id and its content.
pub struct Block {
    /// Its id.
    pub id: String,
    /// What is in it.
    pub content: String,
}

/// Every script and data block, in the order in which they stand.
pub fn blocks() -> Vec<Block> {
    let page = text();
    let blocks: Vec<Block> = page
        .split("<script")
        .skip(1)
        .map(|rest| {
            let (tag, rest) = rest.split_once('>').expect("a tag ends");
            let (content, _) = rest.split_once("</script").expect("a script ends");
            let id = tag
                .split_once("id=\"")
                .and_then(|(_, rest)| rest.split_once('"'))
                .map(|(id, _)| id.to_owned());
            Block {
                id: id.unwrap_or_else(|| panic!("a script without an id: <script{tag}>")),
                content: content.to_owned(),
            }
        })
        .collect();
    assert!(
        blocks.len() >= 4,
        "the product has an engine, its glue and more, not {} blocks",
        blocks.len()
    );
    blocks
}

/// The content of one block.
pub fn block(id: &str) -> String {
    blocks()
        .into_iter()
        .find(|block| block.id == id)
        .unwrap_or_else(|| panic!("the product has no block {id}"))
        .content
}

/// The engine's WebAssembly: each character's low eight bits are a byte.
pub fn wasm() -> Vec<u8> {
    block("engine")
        .chars()
        .map(|character| (u32::from(character) & 0xff) as u8)
        .collect()
}
