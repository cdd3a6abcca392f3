//! Every function of `stats::math` over many inputs, folded into one line of text each: equal lines mean equal bits.
//!
//! The inputs come from integer arithmetic and exact scaling alone, so they are the same on every target. What a NaN looks like inside
//! is left open by wasm, so all NaNs fold alike.

use assay::stats::math;

/// Inputs of one function.
const INPUTS: u64 = 60_000;

/// A function under test, with as many arguments as it takes.
enum Function {
    One(fn(f64) -> f64),
    Two(fn(f64, f64) -> f64),
    Three(fn(f64, f64, f64) -> f64),
}

/// All of `stats::math`; a native test compares the names with the source file.
const FUNCTIONS: [(&str, Function); 25] = [
    ("atan", Function::One(math::atan)),
    ("atan2", Function::Two(math::atan2)),
    ("cbrt", Function::One(math::cbrt)),
    ("ceil", Function::One(math::ceil)),
    ("cos", Function::One(math::cos)),
    ("erf", Function::One(math::erf)),
    ("erfc", Function::One(math::erfc)),
    ("exp", Function::One(math::exp)),
    ("exp2", Function::One(math::exp2)),
    ("exp_m1", Function::One(math::exp_m1)),
    ("expit", Function::One(math::expit)),
    ("floor", Function::One(math::floor)),
    ("fma", Function::Three(math::fma)),
    ("hypot", Function::Two(math::hypot)),
    ("lgamma", Function::One(math::lgamma)),
    ("ln", Function::One(math::ln)),
    ("ln_1p", Function::One(math::ln_1p)),
    ("log10", Function::One(math::log10)),
    ("log2", Function::One(math::log2)),
    ("logit", Function::One(math::logit)),
    ("pow", Function::Two(math::pow)),
    ("sin", Function::One(math::sin)),
    ("sqrt", Function::One(math::sqrt)),
    ("tan", Function::One(math::tan)),
    ("tanh", Function::One(math::tanh)),
];

/// Where functions change their branch or lose their value.
const EDGES: [f64; 16] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    3.0,
    f64::EPSILON,
    f64::MIN_POSITIVE,
    5e-324,
    f64::MAX,
    f64::MIN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    f64::NAN,
    709.782712893384,
];

/// The names of the functions swept.
#[allow(dead_code, reason = "only the native test compares them with the source")]
pub fn names() -> Vec<&'static str> {
    FUNCTIONS.iter().map(|(name, _)| *name).collect()
}

/// One line a function: name, number of inputs, BLAKE3 of all outputs.
pub fn digests() -> String {
    FUNCTIONS
        .iter()
        .map(|(name, function)| format!("{name} {INPUTS} {}\n", digest(function)))
        .collect()
}

fn digest(function: &Function) -> String {
    let mut bytes = Vec::with_capacity(INPUTS as usize * 8);
    for index in 0..INPUTS {
        let output = match function {
            Function::One(f) => f(input(index)),
            Function::Two(f) => f(input(index), input(index.wrapping_mul(7919) % INPUTS)),
            Function::Three(f) => f(
                input(index),
                input(index.wrapping_mul(7919) % INPUTS),
                input(index.wrapping_mul(104_729) % INPUTS),
            ),
        };
        let bits = if output.is_nan() {
            f64::NAN.to_bits() & !(1 << 63)
        } else {
            output.to_bits()
        };
        bytes.extend_from_slice(&bits.to_le_bytes());
    }
    blake3::hash(&bytes).to_hex().to_string()
}

/// The input at that place: the edges first, then in turn a share, a small number, a number of any size, and any bits at all.
fn input(index: u64) -> f64 {
    if let Some(edge) = EDGES.get(index as usize) {
        return *edge;
    }
    let bits = scrambled(index);
    let share = (bits >> 11) as f64 / (1u64 << 53) as f64;
    match index % 4 {
        0 => share,
        1 => share * 100.0 - 50.0,
        2 => f64::from_bits((bits & !(0x7ff << 52)) | ((1023 - 64 + (bits >> 52) % 128) << 52)),
        _ => f64::from_bits(bits),
    }
}

/// SplitMix64's output function (Steele, Lea and Flood 2014).
fn scrambled(index: u64) -> u64 {
    let mut z = index.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
