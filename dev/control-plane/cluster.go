package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/utils/clock"
	"sigs.k8s.io/kwok/pkg/apis/internalversion"
	"sigs.k8s.io/kwok/pkg/client/clientset/versioned"
	kwokconfig "sigs.k8s.io/kwok/pkg/config"
	"sigs.k8s.io/kwok/pkg/kwok/controllers"
	"sigs.k8s.io/kwok/pkg/utils/client"
	"sigs.k8s.io/yaml"
)

// Two nodes in two zones, so that spreading has a meaning; big enough for hundreds of pods.
//
//go:embed node.yaml
var nodeTemplate []byte

// What pods do on these nodes.
//
//go:embed stages.yaml
var stages []byte

// apiServerReady asks for all that the API server prepares: its own roles, namespaces, priority classes.
func apiServerReady(client kubernetes.Interface) func(context.Context) error {
	return func(ctx context.Context) error {
		return client.CoreV1().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
	}
}

// podsAreWelcome asks whether a pod that is created now would be accepted and scheduled.
func podsAreWelcome(client kubernetes.Interface) func(context.Context) error {
	return func(ctx context.Context) error {
		if _, err := client.CoreV1().ServiceAccounts("default").Get(ctx, "default", metav1.GetOptions{}); err != nil {
			return err
		}
		nodes, err := client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
		if err != nil {
			return err
		}
		for _, node := range nodes.Items {
			if len(node.Spec.Taints) > 0 {
				return fmt.Errorf("%s has the taint %s", node.Name, node.Spec.Taints[0].Key)
			}
		}
		return nil
	}
}

func createNodes(ctx context.Context, client kubernetes.Interface) error {
	for _, zone := range []string{"a", "b"} {
		node := &corev1.Node{}
		if err := yaml.UnmarshalStrict(nodeTemplate, node); err != nil {
			return err
		}
		node.Name += zone
		node.Labels[corev1.LabelHostname] = node.Name
		node.Labels[corev1.LabelTopologyZone] += zone
		if _, err := client.CoreV1().Nodes().Create(ctx, node, metav1.CreateOptions{}); err != nil {
			return err
		}
	}
	return nil
}

// runKwok plays the kubelets: it renews the leases of the nodes and takes pods through the stages.
func runKwok(dir string, access *access) error {
	ctx := context.Background()
	file := access.file("stages.yaml")
	if err := os.WriteFile(file, stages, 0o600); err != nil {
		return err
	}
	objects, err := kwokconfig.Load(ctx, file)
	if err != nil {
		return err
	}
	local := map[internalversion.StageResourceRef][]*internalversion.Stage{}
	for _, stage := range kwokconfig.FilterWithType[*internalversion.Stage](objects) {
		local[stage.Spec.ResourceRef] = append(local[stage.Spec.ResourceRef], stage)
	}
	config, err := kwokClients(access.kubeconfigFile(kubelets))
	if err != nil {
		return err
	}
	config.Clock = clock.RealClock{}
	config.ID = "control-plane"
	config.ManageAllNodes = true
	config.LocalStages = local
	config.CIDR, config.NodeIP = "10.128.0.0/16", "127.0.0.1"
	config.PodPlayStageParallelism, config.NodePlayStageParallelism, config.PodsOnNodeSyncParallelism = 16, 2, 2
	config.NodeLeaseDurationSeconds, config.NodeLeaseParallelism = 40, 2
	controller, err := controllers.NewController(config)
	if err != nil {
		return err
	}
	if err := controller.Start(ctx); err != nil {
		return err
	}
	select {}
}

// kwokClients opens the five clients that kwok's controllers want.
func kwokClients(kubeconfig string) (config controllers.Config, err error) {
	clients, err := client.NewClientset("", kubeconfig)
	if err != nil {
		return config, err
	}
	restConfig, err := clients.ToRESTConfig()
	if err != nil {
		return config, err
	}
	config.ImpersonatingDynamicClient = clients.ToImpersonatingDynamicClient()
	config.ImpersonatingTypedClient = clients.ToImpersonatingTypedClient()
	if config.DynamicClient, err = clients.ToDynamicClient(); err != nil {
		return config, err
	}
	if config.RESTMapper, err = clients.ToRESTMapper(); err != nil {
		return config, err
	}
	if config.RESTClient, err = rest.RESTClientFor(restConfig); err != nil {
		return config, err
	}
	if config.TypedClient, err = kubernetes.NewForConfig(restConfig); err != nil {
		return config, err
	}
	config.TypedKwokClient, err = versioned.NewForConfig(restConfig)
	return config, err
}
