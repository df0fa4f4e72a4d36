"""What the code scan knows about libraries, as data: one YAML file per library in `data/<language>/`.

Belongs here: the records (`model`), their reading (`load`), and the comparison of a model with code (`match`).
Must not be here: any tracking of data (`codescan.slicer`).
"""
