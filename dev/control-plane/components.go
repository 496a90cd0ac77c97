package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"path/filepath"

	"github.com/spf13/pflag"
	"go.etcd.io/etcd/server/v3/embed"
	"go.etcd.io/etcd/server/v3/storage/wal"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	"k8s.io/client-go/rest"
	cliflag "k8s.io/component-base/cli/flag"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	apiserveroptions "k8s.io/kubernetes/cmd/kube-apiserver/app/options"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	controllermanageroptions "k8s.io/kubernetes/cmd/kube-controller-manager/app/options"
	kubescheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubescheduleroptions "k8s.io/kubernetes/cmd/kube-scheduler/app/options"
)

// The components are configured by the flags that their documentation describes, and run as functions: their commands could not
// share a process, since each takes the signals for itself.

// listen takes a free port before anyone else can, and keeps it.
func listen() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") }

// startEtcd starts the store on a socket inside the folder, where nobody else can reach it, and returns its address.
func startEtcd(ctx context.Context, dir string) (string, error) {
	wal.SegmentSizeBytes = 4 << 20 // preallocated twice, often in memory; the default is 64 MB
	client := url.URL{Scheme: "unix", Path: filepath.Join(dir, "etcd.sock")}
	config := embed.NewConfig()
	config.Dir = filepath.Join(dir, "etcd")
	config.ListenClientUrls = []url.URL{client}
	config.ListenPeerUrls = []url.URL{{Scheme: "unix", Path: filepath.Join(dir, "peer.sock")}} // there are no peers
	config.UnsafeNoFsync = true                                                                // the data does not outlive the process
	config.TickMs, config.ElectionMs = 20, 200                                                 // nobody else can be elected: no need to wait a second for them
	config.LogLevel = "error"
	etcd, err := embed.StartEtcd(config)
	if err != nil {
		return "", err
	}
	select {
	case <-etcd.Server.ReadyNotify():
		return client.String(), nil
	case err := <-etcd.Err():
		return "", err
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

func runAPIServer(dir, etcdSocket string, listener net.Listener, access *access) error {
	options := apiserveroptions.NewServerRunOptions()
	if err := parse(options.Flags(),
		"--etcd-servers", etcdSocket,
		"--bind-address", "127.0.0.1",
		"--endpoint-reconciler-type", "none", // a loopback address is not allowed as an endpoint
		"--cert-dir", dir,
		"--tls-cert-file", access.file("tls.crt"),
		"--tls-private-key-file", access.file("tls.key"),
		"--token-auth-file", access.file("tokens.csv"),
		"--authorization-mode", "Node,RBAC",
		"--allow-privileged", // as on EKS; what to forbid is for admission to say
		"--service-account-issuer", "https://kubernetes.default.svc",
		"--service-account-key-file", access.file("service-account.key"),
		"--service-account-signing-key-file", access.file("service-account.key"),
		"--service-cluster-ip-range", "10.96.0.0/16",
	); err != nil {
		return err
	}
	options.SecureServing.Listener = listener
	options.SecureServing.BindPort = listener.Addr().(*net.TCPAddr).Port
	if err := options.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return err
	}
	rest.SetDefaultWarningHandler(rest.NoWarnings{})
	completed, err := options.Complete(context.Background())
	if err != nil {
		return err
	}
	if problems := completed.Validate(); len(problems) > 0 {
		return utilerrors.NewAggregate(problems)
	}
	return apiserver.Run(context.Background(), completed)
}

func runControllerManager(access *access) error {
	options, err := controllermanageroptions.NewKubeControllerManagerOptions()
	if err != nil {
		return err
	}
	all, disabled, aliases := controllermanager.KnownControllers(), controllermanager.ControllersDisabledByDefault(),
		controllermanager.ControllerAliases()
	flags := options.Flags(all, disabled, aliases)
	if err := parse(flags,
		"--kubeconfig", access.kubeconfigFile(controllerManager),
		"--root-ca-file", access.file("ca.crt"),
		"--service-account-private-key-file", access.file("service-account.key"),
		"--use-service-account-credentials",
		"--leader-elect=false",
		"--secure-port", "0",
		"--kube-api-qps", "500", "--kube-api-burst", "1000", // 20 a second would make the cluster, not the deployer, the slow part
	); err != nil {
		return err
	}
	options.ParsedFlags = &flags
	config, err := options.Config(context.Background(), all, disabled, aliases)
	if err != nil {
		return err
	}
	return controllermanager.Run(context.Background(), config.Complete())
}

func runScheduler(access *access) error {
	options := kubescheduleroptions.NewOptions()
	if err := parse(*options.Flags,
		"--kubeconfig", access.kubeconfigFile(scheduler),
		"--leader-elect=false",
		"--secure-port", "0",
		"--kube-api-qps", "500", "--kube-api-burst", "1000",
	); err != nil {
		return err
	}
	config, instance, err := kubescheduler.Setup(context.Background(), options)
	if err != nil {
		return err
	}
	return kubescheduler.Run(context.Background(), config, instance)
}

// parse gives a component its flags, as its command would.
func parse(flags cliflag.NamedFlagSets, arguments ...string) error {
	all := pflag.NewFlagSet("", pflag.ContinueOnError)
	for _, set := range flags.FlagSets {
		all.AddFlagSet(set)
	}
	if err := all.Parse(arguments); err != nil {
		return fmt.Errorf("flags: %w", err)
	}
	return nil
}
