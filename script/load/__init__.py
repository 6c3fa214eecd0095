"""What script/soak and script/bench share, and the parts of script/bench: standard library only."""
