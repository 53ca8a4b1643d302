"""What words stand for: dates, amounts and names compared by value."""
