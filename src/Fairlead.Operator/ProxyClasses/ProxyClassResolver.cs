using Fairlead.Kubernetes.Informers;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.Resources.ProxyClasses;

namespace Fairlead.Operator.ProxyClasses;

/// <summary>Says which ProxyClass an object uses.</summary>
/// <param name="status">How the listing of classes is doing; null where they were never listed but given.</param>
public sealed class ProxyClassResolver(OperatorSettings settings, IObjectCache<ProxyClass> classes, Func<InformerStatus>? status = null)
{
    /// <summary>Label or annotation that names the class. Wire contract.</summary>
    public const string Key = "tailscale.com/proxy-class";

    /// <summary>
    /// The class named by label, else by annotation, else the operator's default. The key's presence decides: an empty value
    /// means no class, not the default.
    /// </summary>
    public ProxyClassChoice Resolve(ObjectMeta metadata) => ByName(NameOf(metadata) ?? settings.ProxyDefaultClass);

    /// <summary>The class of a name that a spec gives; the operator's default does not count there.</summary>
    /// <param name="name">Empty: no class.</param>
    public ProxyClassChoice ByName(string name)
    {
        if (name.Length == 0)
        {
            return ProxyClassChoice.None;
        }

        var found = classes.Get(new ObjectKey("", name));
        return found switch
        {
            null => Absent(name),
            { IsReady: false } => new ProxyClassChoice(name, ProxyClassProblem.NotReady),
            _ => new ProxyClassChoice(name, null) { Class = found },
        };
    }

    private ProxyClassChoice Absent(string name) =>
        classes.HasSynced || status?.Invoke() is not { Phase: not InformerPhase.Absent } listing
            ? new ProxyClassChoice(name, ProxyClassProblem.Missing)
            : new ProxyClassChoice(name, ProxyClassProblem.Unknown) { Obstacle = listing.Problem };

    /// <summary>The class that an object itself names; null when it names none.</summary>
    public static string? NameOf(ObjectMeta metadata) =>
        metadata.Labels is { } labels && labels.TryGetValue(Key, out var label) ? label
        : metadata.Annotations is { } annotations && annotations.TryGetValue(Key, out var annotation) ? annotation
        : null;
}
