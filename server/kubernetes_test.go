package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"sigs.k8s.io/yaml"
)

// kustomization is kustomization.yaml, as far as we write it: a field that is not here is a misspelt one
// until somebody adds it.
type kustomization struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Labels     []struct {
		Pairs            map[string]string `json:"pairs"`
		IncludeSelectors bool              `json:"includeSelectors"`
	} `json:"labels"`
	Resources []string `json:"resources"`
}

// base is the whole of kustomize/, in the types of Kubernetes' own API.
type base struct {
	kustomization kustomization
	deployment    apps.Deployment
	service       core.Service
	budget        policy.PodDisruptionBudget
	scaler        autoscaling.HorizontalPodAutoscaler
	policy        networking.NetworkPolicy
}

func readBase(t *testing.T) (b base) {
	t.Helper()
	for file, to := range map[string]any{"kustomization": &b.kustomization, "deployment": &b.deployment, "service": &b.service, "disruption": &b.budget, "scale": &b.scaler, "network": &b.policy} {
		text, err := os.ReadFile(filepath.Join("deploy/kustomize", file+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.UnmarshalStrict(text, to); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if strings.Contains(string(text), "\n---") {
			t.Errorf("%s holds more than one resource", file)
		}
	}
	return b
}

// What the resources of the base say of each other is so: names, labels, ports, probes, secrets,
// volumes, and the time to drain.
func TestKubernetesBase(t *testing.T) {
	b := readBase(t)
	c := b.deployment.Spec.Template.Spec.Containers[0]
	labels := b.kustomization.Labels[0].Pairs
	files, err := filepath.Glob("deploy/kustomize/*.yaml")
	if err != nil || len(files) != len(b.kustomization.Resources)+1 {
		t.Errorf("%d files, resources %v, %v", len(files), b.kustomization.Resources, err)
	}
	for what, kind := range map[string]string{
		"apps/v1 Deployment": b.deployment.APIVersion + " " + b.deployment.Kind, "v1 Service": b.service.APIVersion + " " + b.service.Kind,
		"networking.k8s.io/v1 NetworkPolicy": b.policy.APIVersion + " " + b.policy.Kind,
		"policy/v1 PodDisruptionBudget":      b.budget.APIVersion + " " + b.budget.Kind, "autoscaling/v2 HorizontalPodAutoscaler": b.scaler.APIVersion + " " + b.scaler.Kind,
		"apps/v1 Deployment greenroom": fmt.Sprint(b.scaler.Spec.ScaleTargetRef.APIVersion, " ", b.scaler.Spec.ScaleTargetRef.Kind, " ", b.scaler.Spec.ScaleTargetRef.Name),
	} {
		if kind != what {
			t.Errorf("%q is not %q", kind, what)
		}
	}
	for what, s := range map[string]map[string]string{"the policy": b.policy.Spec.PodSelector.MatchLabels, "the budget": b.budget.Spec.Selector.MatchLabels, "the spread": b.deployment.Spec.Template.Spec.TopologySpreadConstraints[0].LabelSelector.MatchLabels} {
		for key, value := range s {
			if labels[key] != value {
				t.Errorf("%s selects %s=%s, pods have %v", what, key, value, labels)
			}
		}
	}
	ports := map[string]int32{}
	for _, p := range c.Ports {
		ports[p.Name] = p.ContainerPort
	}
	for what, name := range map[string]string{"the service": b.service.Spec.Ports[0].TargetPort.StrVal, "start": c.StartupProbe.HTTPGet.Port.StrVal, "liveness": c.LivenessProbe.HTTPGet.Port.StrVal, "readiness": c.ReadinessProbe.HTTPGet.Port.StrVal} {
		if ports[name] == 0 {
			t.Errorf("%s asks port %s, there are %v", what, name, ports)
		}
	}
	if c.LivenessProbe.HTTPGet.Path != "/healthz" || c.ReadinessProbe.HTTPGet.Path != "/readyz" {
		t.Errorf("probes ask %s and %s", c.LivenessProbe.HTTPGet.Path, c.ReadinessProbe.HTTPGet.Path)
	}
	if annotations := b.deployment.Spec.Template.Annotations; annotations["prometheus.io/port"] != fmt.Sprint(ports["admin"]) {
		t.Errorf("metrics are scraped by %v, the admin port is %d", annotations, ports["admin"])
	}
	if *b.scaler.Spec.MinReplicas < 2 || b.scaler.Spec.MaxReplicas < *b.scaler.Spec.MinReplicas || b.deployment.Spec.Replicas != nil || b.budget.Spec.MaxUnavailable.IntVal != 1 {
		t.Error("one that ends would leave nobody, or each apply undoes the scaling")
	}
	if wait := time.Duration(c.StartupProbe.PeriodSeconds*c.StartupProbe.FailureThreshold) * time.Second; wait < 10*time.Minute {
		t.Errorf("one that changes large tables is killed after %s", wait)
	}
	open := map[string]int{} // ports, with those who are named beside them
	for _, rule := range b.policy.Spec.Ingress {
		for _, p := range rule.Ports {
			open[p.Port.StrVal] += len(rule.From)
		}
	}
	if from, ok := open["people"]; !ok || from != 0 || open["admin"] != 1 || len(open) != 2 {
		t.Errorf("the policy opens %v", open)
	}
}

// The container's settings are the server's, its secrets are those that the comment makes, and its
// folders are mounted.
func TestKubernetesContainer(t *testing.T) {
	b := readBase(t)
	p := b.deployment.Spec.Template.Spec
	c := p.Containers[0]
	image, port := imageSettings(t)
	made, err := os.ReadFile("deploy/kustomize/kustomization.yaml")
	if err != nil {
		t.Fatal(err)
	}
	set := map[string]string{}
	for _, e := range c.Env {
		if !slices.Contains(settingNames(t), e.Name) {
			t.Errorf("%s is no setting of the server", e.Name)
		}
		set[e.Name] = e.Value
		if from := e.ValueFrom; from != nil && (!strings.Contains(string(made), "--from-literal="+from.SecretKeyRef.Key+"=") || !strings.Contains(string(made), "secret generic "+from.SecretKeyRef.Name)) {
			t.Errorf("%s: nobody makes the key %s of secret %s", e.Name, from.SecretKeyRef.Key, from.SecretKeyRef.Name)
		}
	}
	drain, err := time.ParseDuration(set["GREENROOM_DRAIN"])
	if wait := time.Duration(c.Lifecycle.PreStop.Sleep.Seconds) * time.Second; err != nil || time.Duration(*p.TerminationGracePeriodSeconds)*time.Second < wait+drain+graceTime {
		t.Errorf("a pod is killed after %d s: %s of waiting, %s of draining and %s are to come before, %v", *p.TerminationGracePeriodSeconds, wait, drain, graceTime, err)
	}
	if fails := time.Duration(c.ReadinessProbe.PeriodSeconds*c.ReadinessProbe.FailureThreshold) * time.Second; fails > drain {
		t.Errorf("a pod that drains is found out after %s only", fails)
	}
	for what, address := range map[string]string{"people": image["GREENROOM_LISTEN"], "admin": set["GREENROOM_ADMIN_LISTEN"]} {
		for _, of := range c.Ports {
			if of.Name == what && address != fmt.Sprint("0.0.0.0:", of.ContainerPort) {
				t.Errorf("port %s is %d, the server listens at %s (the image exposes %s)", what, of.ContainerPort, address, port)
			}
		}
	}
	mounted := map[string]string{}
	for _, m := range c.VolumeMounts {
		mounted[m.Name] = m.MountPath
	}
	for _, v := range p.Volumes {
		where := mounted[v.Name]
		if v.Secret != nil && where+"/"+v.Secret.Items[0].Path != set["GREENROOM_CLUSTER_KEY_FILE"] {
			t.Errorf("the key is at %s/%s, the server looks at %s", where, v.Secret.Items[0].Path, set["GREENROOM_CLUSTER_KEY_FILE"])
		}
		if v.Secret == nil && where != image["GREENROOM_DATA"] {
			t.Errorf("%s is mounted at %q, the image writes to %s", v.Name, where, image["GREENROOM_DATA"])
		}
		delete(mounted, v.Name)
	}
	if len(mounted) > 0 {
		t.Errorf("mounted, but not there: %v", mounted)
	}
}

// Where kubectl is installed it builds the base, too.
func TestKustomize(t *testing.T) {
	if _, err := exec.LookPath("kubectl"); err != nil {
		return // Debian has none of our day; TestKubernetesBase reads every field without it
	}
	said, err := exec.Command("kubectl", "kustomize", "deploy/kustomize").CombinedOutput()
	if err != nil || strings.Count(string(said), "\nkind: ") != 5 || strings.Count(string(said), "app.kubernetes.io/name: greenroom") < 9 {
		t.Errorf("%v: %s", err, said)
	}
}
