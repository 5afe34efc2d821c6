"""An interactive workbook on optimizing and compressing neural networks."""
