using Fairlead.Kubernetes.Controllers;
using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Hosting;
using Fairlead.Operator.Resources.Tailnets;

namespace Fairlead.Operator.Tailnets;

/// <summary>The controller that judges Tailnets. Unlike upstream's it sees to a Secret that is made, or put right, later.</summary>
internal static class TailnetController
{
    public static Controller Build(ControllerContext context)
    {
        var observer = new TailnetObserver(context.TailnetObjects, context.CredentialSecrets, context.TailnetRegistry, context.Time);
        return context.Build(new ControllerBuilder("tailnet-reconciler")
            .Reconcile(new TailnetReconciler(observer, context.TailnetRegistry, context.Applier))
            .Watch(context.TailnetObjects)
            .WatchMapped(context.CredentialSecrets, secret => UsersOf(context.TailnetObjects, secret)));
    }

    /// <summary>The Tailnets whose credentials are in a Secret of the operator's namespace.</summary>
    public static IEnumerable<ObjectKey> UsersOf(IObjectCache<Tailnet> tailnets, Secret secret) => tailnets.List()
        .Where(tailnet => tailnet.Spec?.Credentials?.SecretName == secret.Metadata.Name)
        .Select(tailnet => new ObjectKey("", tailnet.Metadata.Name ?? ""));
}
