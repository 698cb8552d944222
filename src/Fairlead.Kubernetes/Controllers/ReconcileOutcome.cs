namespace Fairlead.Kubernetes.Controllers;

public enum ReconcileOutcome
{
    Done,
    Requeued,
    Retried,
}
