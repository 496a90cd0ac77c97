// Command control-plane is a real Kubernetes control plane in one process: etcd, kube-apiserver, kube-controller-manager,
// kube-scheduler, and kwok, which plays the kubelets.
//
// In: an empty folder for its data, which it removes at the end; a standard input that stays open as long as it is wanted.
// Out: one line of JSON on standard output, {"kubeconfig", "server", "version"} or {"failure"}; the log on standard error.
// It ends when its standard input does, so it outlives no parent, however that one died.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// startLimit is how long the start may take; a slow machine under load needs most of a minute.
const startLimit = 2 * time.Minute

type ready struct {
	Kubeconfig string `json:"kubeconfig"`
	Server     string `json:"server"`
	Version    string `json:"version"`
}

func main() {
	dir := flag.String("dir", "", "an empty folder for the data; removed at the end")
	flag.Parse()
	if *dir == "" || flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "usage: control-plane --dir DIR < pipe")
		os.Exit(2)
	}
	// Field managers are named after it: what the controllers write looks as it does in any cluster.
	os.Args[0] = "kube-controller-manager"
	go endWithParent(*dir)

	lost := make(chan error, 8)
	ctx, cancel := context.WithTimeoutCause(context.Background(), startLimit,
		fmt.Errorf("not ready after %s", startLimit))
	defer cancel()
	up, err := start(ctx, *dir, lost)
	if err != nil {
		report(map[string]string{"failure": err.Error()})
		end(*dir, 1)
	}
	report(up)
	fmt.Fprintln(os.Stderr, "control-plane:", <-lost)
	end(*dir, 1)
}

// start brings the components up in their order; whichever fails, then or later, is named in lost.
func start(ctx context.Context, dir string, lost chan error) (ready, error) {
	listener, err := listen()
	if err != nil {
		return ready{}, err
	}
	server := "https://" + listener.Addr().String()
	access, err := newAccess(dir, server)
	if err != nil {
		return ready{}, fmt.Errorf("credentials: %w", err)
	}
	run := func(name string, component func() error) {
		go func() { lost <- fmt.Errorf("%s ended: %v", name, component()) }()
	}

	etcdSocket, err := startEtcd(ctx, dir)
	if err != nil {
		return ready{}, fmt.Errorf("etcd: %w", err)
	}
	run("kube-apiserver", func() error { return runAPIServer(dir, etcdSocket, listener, access) })

	client, err := kubernetes.NewForConfig(&rest.Config{
		Host: server, BearerToken: access.tokens[admin], TLSClientConfig: rest.TLSClientConfig{CAData: access.ca},
	})
	if err != nil {
		return ready{}, err
	}
	if err := await(ctx, lost, "kube-apiserver", apiServerReady(client)); err != nil {
		return ready{}, err
	}
	run("kube-controller-manager", func() error { return runControllerManager(access) })
	run("kube-scheduler", func() error { return runScheduler(access) })
	run("kwok", func() error { return runKwok(dir, access) })
	if err := createNodes(ctx, client); err != nil {
		return ready{}, fmt.Errorf("nodes: %w", err)
	}
	if err := await(ctx, lost, "kube-controller-manager and kwok", podsAreWelcome(client)); err != nil {
		return ready{}, err
	}
	version, err := client.Discovery().ServerVersion()
	if err != nil {
		return ready{}, err
	}
	return ready{Kubeconfig: access.kubeconfig(admin), Server: server, Version: version.GitVersion}, nil
}

// await asks until the answer is yes; a component that ends meanwhile ends the waiting.
func await(ctx context.Context, lost <-chan error, what string, satisfied func(context.Context) error) error {
	for {
		reason := satisfied(ctx)
		if reason == nil {
			return nil
		}
		select {
		case err := <-lost:
			return err
		case <-ctx.Done():
			return fmt.Errorf("%s: %w: %v", what, context.Cause(ctx), reason)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func report(value any) {
	_ = json.NewEncoder(os.Stdout).Encode(value)
}

// endWithParent waits for the end of standard input, which even a killed parent causes, or for a signal.
func endWithParent(dir string) {
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		end(dir, 0)
	}()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	<-signals
	end(dir, 0)
}

// end leaves at once: the data is not kept, so nothing has to be shut down in order.
func end(dir string, code int) {
	_ = os.RemoveAll(dir)
	os.Exit(code)
}
