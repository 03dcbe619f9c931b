module martlet

go 1.26
