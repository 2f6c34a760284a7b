{{- define "lyceum.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: lyceum
{{- end }}

{{/* Call with (dict "root" $ "name" "identity-worker"). */}}
{{- define "lyceum.selector" -}}
app.kubernetes.io/name: lyceum
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .name }}
{{- end }}

{{- define "lyceum.fullname" -}}
{{ printf "%s-%s" .root.Release.Name .name | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* Call with (dict "root" $ "app" "identity"). */}}
{{- define "lyceum.image" -}}
{{ .root.Values.image.registry }}/lyceum-{{ .app }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{/* What each way to pay needs of the Secret. */}}
{{- define "lyceum.providerKeys" -}}
sandbox: []
stripe: [STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET]
alipay: [ALIPAY_APP_ID, ALIPAY_PRIVATE_KEY, ALIPAY_PUBLIC_KEY]
wechatpay: [WECHATPAY_APP_ID, WECHATPAY_MERCHANT_ID, WECHATPAY_SERIAL, WECHATPAY_PRIVATE_KEY, WECHATPAY_API_V3_KEY, WECHATPAY_PLATFORM_KEYS]
{{- end }}

{{/* What every container has. Call with (dict "root" $ "name" "identity" "app" "identity"); the gateway has no database. */}}
{{- define "lyceum.env" -}}
- { name: PORT, value: '4000' }
- { name: HOST, value: 0.0.0.0 }
- { name: LOG_LEVEL, value: {{ .root.Values.logLevel | quote }} }
- { name: JWKS_URL, value: 'http://{{ .root.Release.Name }}-identity:4000/.well-known/jwks.json' }
{{- range $name, $_ := .root.Values.subgraphs }}
- { name: {{ upper $name }}_URL, value: 'http://{{ $.root.Release.Name }}-{{ $name }}:4000/graphql' }
{{- end }}
{{- range $name, $value := .root.Values.env }}
- { name: {{ $name }}, value: {{ $value | quote }} }
{{- end }}
{{- $keys := list "GATEWAY_SECRET" "REDIS_URL" }}
{{- if ne .app "gateway" }}
{{- $keys = append $keys (printf "%s_DATABASE_URL" (upper .app)) }}
{{- end }}
{{- if and (eq .app "identity") (has "dist/server.js" .args) }}
{{- $keys = append $keys "IDENTITY_SIGNING_KEYS" }}
{{- end }}
{{- if and (eq .app "identity") .root.Values.mail.enabled }}
{{- $keys = concat $keys (list "SMTP_URL" "IDENTITY_SECRET") }}
- { name: MAIL_FROM, value: {{ .root.Values.mail.from | quote }} }
- { name: ACCOUNT_URL, value: {{ .root.Values.mail.accountUrl | quote }} }
{{- end }}
{{- if eq .app "payments" }}
{{- $known := include "lyceum.providerKeys" . | fromYaml }}
{{- with .root.Values.payments }}
- { name: PAYMENT_PROVIDERS, value: {{ join " " .providers | quote }} }
- { name: PUBLIC_URL, value: {{ .publicUrl | quote }} }
{{- range .providers }}
{{- $keys = concat $keys (index $known .) }}
{{- end }}
{{- if has "alipay" .providers }}
- { name: ALIPAY_GATEWAY, value: {{ .alipay.gateway | quote }} }
- { name: ALIPAY_AGREEMENT_SCENE, value: {{ .alipay.agreementScene | quote }} }
- { name: ALIPAY_AGREEMENT_LIMIT, value: {{ .alipay.agreementLimit | quote }} }
{{- end }}
{{- end }}
{{- end }}
{{- if eq .app "gateway" }}
- { name: TRUST_PROXY, value: {{ .root.Values.gateway.trustProxy | quote }} }
- { name: GATEWAY_EXPLORABLE, value: {{ .root.Values.gateway.explorable | quote }} }
- { name: ALLOWED_ORIGINS, value: {{ join " " .root.Values.gateway.allowedOrigins | quote }} }
{{- end }}
{{- range $keys }}
- name: {{ . }}
  valueFrom: { secretKeyRef: { name: {{ $.root.Values.existingSecret }}, key: {{ . }} } }
{{- end }}
{{- end }}

{{/*
The pod of a deployable. Call with (dict "root" $ "name" "content-worker" "app" "content" "args" (list …)
"resources" {…}).
*/}}
{{- define "lyceum.pod" -}}
metadata:
  labels:
    {{- include "lyceum.selector" . | nindent 4 }}
    {{- include "lyceum.labels" .root | nindent 4 }}
  annotations: {{- toYaml .root.Values.podAnnotations | nindent 4 }}
spec:
  serviceAccountName: {{ .root.Release.Name }}-lyceum
  automountServiceAccountToken: false
  # Longer than the 5 s in which a process drains, plus the time endpoints need to forget the pod.
  terminationGracePeriodSeconds: 20
  {{- with .root.Values.image.pullSecrets }}
  imagePullSecrets: {{- toYaml . | nindent 4 }}
  {{- end }}
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    runAsGroup: 1000
    seccompProfile: { type: RuntimeDefault }
  topologySpreadConstraints:
    - maxSkew: 1
      topologyKey: kubernetes.io/hostname
      whenUnsatisfiable: ScheduleAnyway
      labelSelector:
        matchLabels: {{- include "lyceum.selector" . | nindent 10 }}
  containers:
    - name: {{ .app }}
      image: {{ include "lyceum.image" . }}
      imagePullPolicy: {{ .root.Values.image.pullPolicy }}
      args: {{ toJson .args }}
      env: {{- include "lyceum.env" . | nindent 8 }}
      ports: [{ name: http, containerPort: 4000 }]
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities: { drop: [ALL] }
      startupProbe:
        httpGet: { path: /health/live, port: http }
        periodSeconds: 2
        failureThreshold: 60
      livenessProbe:
        httpGet: { path: /health/live, port: http }
        periodSeconds: 10
        timeoutSeconds: 3
      readinessProbe:
        httpGet: { path: /health/ready, port: http }
        periodSeconds: 5
        timeoutSeconds: 3
      lifecycle:
        # The pod gets requests for a moment after it has been told to end.
        preStop: { exec: { command: [node, -e, 'setTimeout(() => {}, 3000)'] } }
      resources: {{- toYaml .resources | nindent 8 }}
      volumeMounts: [{ name: tmp, mountPath: /tmp }]
  volumes: [{ name: tmp, emptyDir: {} }]
  {{- with .root.Values.nodeSelector }}
  nodeSelector: {{- toYaml . | nindent 4 }}
  {{- end }}
  {{- with .root.Values.tolerations }}
  tolerations: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}
