use super::*;
use crate::stats::math::ln_1p;

/// Skewed numbers, rising.
fn numbers(size: u32) -> Vec<f64> {
    let mut numbers: Vec<f64> = (1..=size).map(|i| ln_1p(f64::from(i)) * 1.5 + f64::from(i * 7 % 5) * 0.3).collect();
    numbers.sort_by(f64::total_cmp);
    numbers
}

fn close(found: f64, expected: f64, relative: f64) {
    let error = (found - expected).abs();
    assert!(error <= relative * expected.abs(), "{found:e} for {expected:e}");
}

// Expected values are SciPy 1.17.1's: shapiro, jarque_bera, normaltest. Its normal quantiles have seven digits inside shapiro.

#[test]
fn shapiro_wilk_agrees_with_the_reference() {
    for (size, statistic, p_value) in [
        (3, 0.983_477_076_226_627_7, 0.753_822_640_675_152_5),
        (4, 0.986_547_845_266_482_2, 0.939_187_131_815_153_5),
        (5, 0.971_864_779_371_924_8, 0.887_082_044_673_396_5),
        (6, 0.962_326_683_278_574, 0.837_480_930_560_690_1),
        (8, 0.986_538_057_663_356, 0.987_831_243_394_386_4),
        (11, 0.931_429_174_430_660_8, 0.425_491_729_218_517_86),
        (12, 0.972_819_848_472_747, 0.937_982_751_302_067_3),
        (20, 0.956_629_131_925_324_2, 0.478_897_294_236_382_55),
        (50, 0.935_695_152_422_875_3, 0.009_135_471_753_732_612),
        (5000, 0.870_720_069_279_707_6, 1.249_942_588_966_488_8e-53),
    ] {
        let test = shapiro_wilk(&numbers(size)).unwrap();
        close(test.statistic, statistic, 1e-7);
        close(test.p_value, p_value, 1e-5);
    }
}

#[test]
fn shapiro_wilk_has_its_limits() {
    assert_eq!(shapiro_wilk(&[1.0, 2.0]), None);
    assert_eq!(shapiro_wilk(&[1.0; 9]), None);
    assert_eq!(shapiro_wilk(&numbers(5001)), None);
    let huge: Vec<f64> = numbers(30).iter().map(|x| x * 1e200).collect();
    close(
        shapiro_wilk(&huge).unwrap().statistic,
        shapiro_wilk(&numbers(30)).unwrap().statistic,
        1e-12,
    );
}

#[test]
fn tests_of_shape_agree_with_the_reference() {
    for (size, skewness, kurtosis, jarque, dagostino_p) in [
        (
            8.0,
            -0.176_651_171_575_057_53,
            2.380_098_379_387_275_6,
            (0.169_700_188_304_547_83, 0.918_649_985_084_908_4),
            Some((0.146_798_129_390_825_15, 0.929_229_933_164_546_7)),
        ),
        (
            50.0,
            -0.891_792_283_022_234_3,
            3.281_953_059_062_369,
            (6.793_065_482_805_546, 0.033_489_184_554_323_946),
            Some((7.380_440_330_676_216, 0.024_966_504_678_189_998)),
        ),
        (
            5.0,
            -0.458_478_562_104_203_07,
            2.234_636_823_824_072_6,
            (0.297_206_491_475_552_67, 0.861_911_013_937_960_2),
            None,
        ),
    ] {
        let shape = Shape { size, skewness, kurtosis };
        let test = jarque_bera(shape);
        close(test.statistic, jarque.0, 1e-12);
        close(test.p_value, jarque.1, 1e-10);
        let test = dagostino(shape);
        assert_eq!(test.is_some(), dagostino_p.is_some());
        if let (Some(test), Some((statistic, p_value))) = (test, dagostino_p) {
            close(test.statistic, statistic, 1e-11);
            close(test.p_value, p_value, 1e-10);
        }
    }
}
