"""How it is shown: values, states and frames as people read them."""
