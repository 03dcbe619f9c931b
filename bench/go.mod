module martlet/bench

go 1.26.0

require martlet v0.0.0

replace martlet => ../
