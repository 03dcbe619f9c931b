// Package layout has no code: its test holds the direction in which the
// project's packages may import each other.
package layout
