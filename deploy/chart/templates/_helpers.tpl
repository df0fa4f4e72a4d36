{{- define "spawngate.name" -}}
{{ .Release.Name | trunc 52 | trimSuffix "-" }}
{{- end -}}

{{- define "spawngate.selector" -}}
app.kubernetes.io/name: spawngate
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "spawngate.labels" -}}
{{ include "spawngate.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end -}}
