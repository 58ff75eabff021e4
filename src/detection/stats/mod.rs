//! The few statistics that detectors share. Pure; each with its source.

mod cholesky;
pub mod slowdown;
pub mod survival;

/// Two-sided 95 % of the normal distribution.
pub const Z_95: f64 = 1.959_963_984_540_054;

/// The `p` quantile of values in rising order, by linear interpolation between the two nearest (type 7 of Hyndman and Fan,
/// "Sample Quantiles in Statistical Packages", 1996; the default of R and `NumPy`). `None` for no values.
pub fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = p.clamp(0.0, 1.0) * super::candidate::number(last);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and the number of values")]
    let below = position.floor() as usize;
    let low = sorted.get(below)?;
    let high = sorted.get(below + 1).unwrap_or(low);
    Some((high - low).mul_add(position.fract(), *low))
}

/// The mean and the sample standard deviation (n - 1); the deviation of a single value is 0. `None` for no values.
pub fn mean_and_sd(values: &[f64]) -> Option<(f64, f64)> {
    if values.is_empty() {
        return None;
    }
    let n = super::candidate::number(values.len());
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let sd = if values.len() > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 };
    Some((mean, sd))
}

/// The score interval of a share (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference",
/// 1927): its lower and upper bound, at `z` standard errors.
pub fn wilson(hits: f64, trials: f64, z: f64) -> (f64, f64) {
    if trials <= 0.0 {
        return (0.0, 1.0);
    }
    let share = hits / trials;
    let z2 = z * z;
    let centre = share + z2 / (2.0 * trials);
    let half = z * (share * (1.0 - share) / trials + z2 / (4.0 * trials * trials)).max(0.0).sqrt();
    let scale = 1.0 + z2 / trials;
    (((centre - half) / scale).max(0.0), ((centre + half) / scale).min(1.0))
}

/// How likely at least 0, 1, 2 … of so many trials are hits, where the share of hits has a beta distribution with this mean (above 0
/// and below 1) and this sum of its parameters (Skellam, "A Probability Distribution Derived from the Binomial Distribution by
/// Regarding the Probability of Success as Variable between the Sets of Trials", 1948).
pub fn beta_binomial_tails(trials: usize, mean: f64, certainty: f64) -> Vec<f64> {
    use super::candidate::number;
    let (hits, misses) = (mean * certainty, (1.0 - mean) * certainty);
    // In logarithms, because no hit in some thousand trials may be less likely than the smallest number.
    let mut log: f64 = (0..trials).map(|trial| ((misses + number(trial)) / (certainty + number(trial))).ln()).sum();
    let mut chances = Vec::with_capacity(trials + 1);
    for hit in 0..=trials {
        chances.push(log.exp());
        let left = number(trials - hit);
        log += (left * (hits + number(hit)) / (number(hit + 1) * (misses + left - 1.0))).ln();
    }
    let mut sum = 0.0;
    for chance in chances.iter_mut().rev() {
        sum += *chance;
        *chance = f64::min(sum, 1.0);
    }
    chances
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_near(left: f64, right: f64) -> bool {
        (left - right).abs() < 1e-9
    }

    #[test]
    fn a_quantile_lies_between_its_neighbours() {
        assert_eq!(quantile(&[], 0.5), None);
        assert!(is_near(quantile(&[7.0], 0.85).unwrap(), 7.0));
        assert!(is_near(quantile(&[1.0, 2.0, 3.0, 4.0], 0.5).unwrap(), 2.5));
        // numpy.quantile(range(11), 0.85) == 8.5
        let eleven: Vec<f64> = (0..11).map(f64::from).collect();
        assert!(is_near(quantile(&eleven, 0.85).unwrap(), 8.5));
        assert!(is_near(quantile(&eleven, 1.0).unwrap(), 10.0));
    }

    #[test]
    fn the_deviation_is_the_samples() {
        assert_eq!(mean_and_sd(&[]), None);
        let (mean, sd) = mean_and_sd(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]).unwrap();
        assert!(is_near(mean, 5.0) && is_near(sd, (32.0_f64 / 7.0).sqrt()));
        assert_eq!(mean_and_sd(&[3.0]), Some((3.0, 0.0)));
    }

    #[test]
    fn the_tails_of_a_beta_binomial_are_those_of_its_formula() {
        // A uniform share: each number of hits is as likely as any other.
        let even = beta_binomial_tails(4, 0.5, 2.0);
        assert!(even.iter().zip([1.0, 0.8, 0.6, 0.4, 0.2]).all(|(tail, expected)| is_near(*tail, expected)), "{even:?}");
        // One trial: the mean.
        assert!(is_near(beta_binomial_tails(1, 0.1, 20.0)[1], 0.1));
        // Two trials, both hits: a/(a+b) times (a+1)/(a+b+1).
        assert!(is_near(beta_binomial_tails(2, 0.1, 20.0)[2], 2.0 / 20.0 * 3.0 / 21.0));
        // A share that is certain gives the binomial distribution: at least 3 of 10 at 10 %.
        assert!((beta_binomial_tails(10, 0.1, 1e9)[3] - 0.070_190_826_4).abs() < 1e-6);
        assert_eq!(beta_binomial_tails(0, 0.1, 20.0), [1.0]);
        let many = beta_binomial_tails(20_000, 0.5, 1e6);
        assert!(is_near(many[0], 1.0) && many[10_000] > 0.49 && many[10_000] < 0.51 && many[20_000] < 1e-300);
    }

    #[test]
    fn the_interval_of_a_share_is_wilsons() {
        // Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I: 15/148 gives 0.0624 to 0.1605.
        let (low, high) = wilson(15.0, 148.0, Z_95);
        assert!((low - 0.0624).abs() < 5e-5 && (high - 0.1605).abs() < 5e-5, "{low} {high}");
        let (low, high) = wilson(0.0, 20.0, Z_95);
        assert!(is_near(low, 0.0) && (high - 0.1611).abs() < 5e-5, "{high}");
        assert_eq!(wilson(0.0, 0.0, Z_95), (0.0, 1.0));
    }
}
