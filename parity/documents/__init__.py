"""How we write: one document model and its writers – HTML, tagged PDF, Word and an accessible workbook."""
