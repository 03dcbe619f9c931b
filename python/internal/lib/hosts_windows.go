package lib

var hosts []native
