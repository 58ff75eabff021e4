//! The triangular root of a symmetric, positive definite matrix, for the few dozen rows that a team's covariance has.
//!
//! Cholesky's method as in Golub and Van Loan, "Matrix Computations", algorithm 4.2.2. Written out because the libraries of
//! linear algebra weigh more than the rest of the detectors together.

/// L with L·Lᵀ = the matrix.
pub(super) struct Cholesky {
    /// The rows of L up to the diagonal.
    rows: Vec<Vec<f64>>,
}

impl Cholesky {
    /// The root of the matrix of `size` rows with this `entry(row, column)`, asked for the lower half only; `None` where it
    /// is not positive definite.
    pub(super) fn of(size: usize, entry: impl Fn(usize, usize) -> f64) -> Option<Self> {
        let mut rows: Vec<Vec<f64>> = Vec::with_capacity(size);
        for row in 0..size {
            let mut own: Vec<f64> = Vec::with_capacity(row + 1);
            for (column, above) in rows.iter().enumerate() {
                let (diagonal, before) = above.split_last()?;
                own.push((entry(row, column) - dot(&own, before)) / diagonal);
            }
            let rest = entry(row, row) - dot(&own, &own);
            own.push(Some(rest).filter(|rest| *rest > 0.0)?.sqrt());
            rows.push(own);
        }
        Some(Self { rows })
    }

    /// L⁻¹ times a column. The product of two such is that of the columns over the matrix: aᵀM⁻¹b.
    pub(super) fn whiten(&self, column: &[f64]) -> Vec<f64> {
        let mut whitened: Vec<f64> = Vec::with_capacity(column.len());
        for (row, value) in self.rows.iter().zip(column) {
            if let Some((diagonal, before)) = row.split_last() {
                whitened.push((value - dot(before, &whitened)) / diagonal);
            }
        }
        whitened
    }
}

/// The sum of products.
pub(super) fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_root_is_that_of_the_textbook() {
        // numpy.linalg.cholesky([[4, 12, -16], [12, 37, -43], [-16, -43, 98]])
        let matrix = [[4.0, 12.0, -16.0], [12.0, 37.0, -43.0], [-16.0, -43.0, 98.0]];
        let root = Cholesky::of(3, |row, column| matrix[row][column]).unwrap();
        assert_eq!(root.rows, [vec![2.0], vec![6.0, 1.0], vec![-8.0, 5.0, 3.0]]);
    }

    #[test]
    fn what_is_not_positive_definite_has_none() {
        assert!(Cholesky::of(2, |_, _| 1.0).is_none());
        assert!(Cholesky::of(2, |row, column| if row == column { 1.0 } else { 2.0 }).is_none());
        assert!(Cholesky::of(1, |_, _| f64::NAN).is_none());
    }

    proptest! {
        /// The matrix AᵀA + 1 is positive definite; multiplied by what solves it, it gives the column back.
        #[test]
        fn whitened_columns_multiply_as_over_the_inverse(
            a in proptest::collection::vec(proptest::collection::vec(-3.0_f64..3.0, 5), 5),
            x in proptest::collection::vec(-3.0_f64..3.0, 5),
            b in proptest::collection::vec(-3.0_f64..3.0, 5),
        ) {
            let unit = |row: usize, column: usize| if row == column { 1.0 } else { 0.0 };
            let entry = |row: usize, column: usize| a.iter().map(|line| line[row] * line[column]).sum::<f64>() + unit(row, column);
            let root = Cholesky::of(5, entry).unwrap();
            // Of the column Mx, bᵀM⁻¹(Mx) is bᵀx.
            let column: Vec<f64> = (0..5).map(|row| (0..5).map(|other| entry(row, other) * x[other]).sum()).collect();
            prop_assert!((dot(&root.whiten(&b), &root.whiten(&column)) - dot(&b, &x)).abs() < 1e-6);
        }
    }
}
