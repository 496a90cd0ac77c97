import { startControlPlane } from '/work/wt/applied/dev/control-plane.ts';
import { kubectlLayer } from '/work/wt/applied/dev/kubectl-layer.ts';
const cp = await startControlPlane();
const l = await kubectlLayer();
console.log(JSON.stringify({kc: cp.kubeconfigPath, kubectl: l.kubectl, helm: l.helm, pid: cp.pid}));
setTimeout(async()=>{await cp.stop();process.exit()}, 25*60000);
process.on('SIGTERM', async()=>{await cp.stop();process.exit()});
