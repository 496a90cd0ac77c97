package main

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"k8s.io/client-go/util/cert"
	"k8s.io/client-go/util/keyutil"
)

// The users that the API server knows by token, each with its groups. What they may do is for RBAC to say.
const (
	admin             = "admin"
	controllerManager = "system:kube-controller-manager"
	scheduler         = "system:kube-scheduler"
	kubelets          = "kwok"
)

var groups = map[string]string{
	admin:             "system:masters",
	controllerManager: "",
	scheduler:         "",
	kubelets:          "system:masters",
}

// access is everything that lets the components and the clients of one control plane trust each other; made anew at each start.
type access struct {
	server string
	ca     []byte
	tokens map[string]string
	dir    string
}

// newAccess makes a certificate authority, a serving certificate signed by it, a key for service account tokens and a token
// for each user. The authority's key is never written, so nothing else can be signed by it.
func newAccess(dir, server string) (*access, error) {
	chain, key, err := cert.GenerateSelfSignedCertKey("127.0.0.1", nil, []string{"localhost", "kubernetes.default.svc"})
	if err != nil {
		return nil, err
	}
	certificates, err := cert.ParseCertsPEM(chain)
	if err != nil {
		return nil, err
	}
	authority, err := cert.EncodeCertificates(certificates[1:]...)
	if err != nil {
		return nil, err
	}
	serviceAccountKey, err := keyutil.MakeEllipticPrivateKeyPEM()
	if err != nil {
		return nil, err
	}
	a := &access{server: server, ca: authority, tokens: map[string]string{}, dir: dir}
	var table strings.Builder
	for user, group := range groups {
		a.tokens[user] = rand.Text()
		fmt.Fprintf(&table, "%s,%s,%s,%s\n", a.tokens[user], user, user, group)
	}
	files := map[string][]byte{
		"tls.crt": chain, "tls.key": key, "ca.crt": authority,
		"service-account.key": serviceAccountKey, "tokens.csv": []byte(table.String()),
	}
	for user := range groups {
		files[kubeconfigName(user)] = []byte(a.kubeconfig(user))
	}
	for name, content := range files {
		if err := os.WriteFile(a.file(name), content, 0o600); err != nil {
			return nil, err
		}
	}
	return a, nil
}

// file is where one of the files of newAccess lies.
func (a *access) file(name string) string { return filepath.Join(a.dir, name) }

func (a *access) kubeconfigFile(user string) string { return a.file(kubeconfigName(user)) }

func kubeconfigName(user string) string { return strings.ReplaceAll(user, ":", "-") + ".kubeconfig" }

// kubeconfig is how a user reaches the API server, and how it knows that it has.
func (a *access) kubeconfig(user string) string {
	const name = "driftless"
	config := clientcmdapi.NewConfig()
	config.Clusters[name] = &clientcmdapi.Cluster{Server: a.server, CertificateAuthorityData: a.ca}
	config.AuthInfos[name] = &clientcmdapi.AuthInfo{Token: a.tokens[user]}
	config.Contexts[name] = &clientcmdapi.Context{Cluster: name, AuthInfo: name}
	config.CurrentContext = name
	text, err := clientcmd.Write(*config)
	if err != nil {
		panic(err) // the types above can always be written
	}
	return string(text)
}
