//! Doubles as their bits, so that every one comes back as it was, those among them for which JSON has no number.

use serde::{Deserialize, Deserializer, Serializer};

/// Writes a double.
///
/// # Errors
/// Where the serializer has some.
pub fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(value.to_bits())
}

/// Reads a double.
///
/// # Errors
/// Where there are no bits of one.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    u64::deserialize(deserializer).map(f64::from_bits)
}

/// A double that may not be there.
pub mod some {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// Writes it.
    ///
    /// # Errors
    /// Where the serializer has some.
    pub fn serialize<S: Serializer>(value: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        value.map(f64::to_bits).serialize(serializer)
    }

    /// Reads it.
    ///
    /// # Errors
    /// Where there is neither nothing nor the bits of one.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
        Ok(Option::<u64>::deserialize(deserializer)?.map(f64::from_bits))
    }
}
