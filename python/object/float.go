package object

// FloatType is float.
var FloatType Type

// FloatObj is an instance of a subclass of float.
type FloatObj struct {
	Object
	V float64
}

// FloatOf gives the number of any float (subclass instances too).
func FloatOf(v Value) float64 {
	if v.IsFloat() {
		return v.Float64()
	}
	return As[FloatObj](v).V
}
