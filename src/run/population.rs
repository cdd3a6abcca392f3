//! Population shares as they are written: a level and its share, several separated by commas.

use std::collections::BTreeMap;

/// Reads `LEVEL=SHARE,LEVEL=SHARE`.
///
/// # Errors
/// With what is wrong, in words.
pub fn read(text: &str) -> Result<BTreeMap<String, f64>, String> {
    let pair = |part: &str| {
        let (level, share) = part
            .trim()
            .rsplit_once('=')
            .ok_or_else(|| format!("\"{}\" has no share; write LEVEL=SHARE,LEVEL=SHARE", part.trim()))?;
        Ok((level.trim().to_owned(), share.trim().to_owned()))
    };
    let pairs: Result<Vec<(String, String)>, String> = text.split(',').map(pair).collect();
    shares(pairs?)
}

/// Reads levels and the texts of their shares. Numbers above 1 are counts, or shares in percent: all are divided by their sum then.
///
/// # Errors
/// With what is wrong, in words.
pub fn shares(pairs: Vec<(String, String)>) -> Result<BTreeMap<String, f64>, String> {
    let mut shares = BTreeMap::new();
    for (level, text) in pairs {
        let share = text.parse().ok().filter(|share: &f64| share.is_finite() && *share >= 0.0);
        let share = share.ok_or_else(|| format!("the share of \"{level}\" is \"{text}\", but must be a number from 0"))?;
        if shares.insert(level.clone(), share).is_some() {
            return Err(format!("\"{level}\" has two shares; give it one"));
        }
    }
    if shares.values().any(|share| *share > 1.0) {
        let sum: f64 = shares.values().sum();
        shares.values_mut().for_each(|share| *share /= sum);
    }
    if shares.is_empty() {
        return Err("it holds no level".to_owned());
    }
    Ok(shares)
}
