using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Queueing;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Kubernetes.Controllers;

/// <summary>Something whose changes make keys due.</summary>
internal interface IControllerSource
{
    ISharedInformer Informer { get; }

    IDisposable Start(WorkQueue<ObjectKey> queue);
}
