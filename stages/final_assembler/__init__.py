"""Step 8: pairs of one or several runs become a dataset that training tools load."""
