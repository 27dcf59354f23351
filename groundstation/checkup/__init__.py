"""What ``groundstation doctor`` looks at: each thing, whether it is well, and the mend."""
