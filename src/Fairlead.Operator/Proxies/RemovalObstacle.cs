using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Operator.Proxies;

/// <summary>What a removal waits for that nobody ends: an object that was deleted and is still there long after it should have gone.</summary>
internal static class RemovalObstacle
{
    public const string PodNotEnding = "PodNotEnding";
    public const string StatefulSetNotEnding = "StatefulSetNotEnding";

    /// <summary>Beyond the time that an object was given to end. A kubelet that is up takes seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The obstacle; null when there is none, or none yet.</summary>
    public static ProxyProgress? Of(ProxyChildren children, DateTimeOffset now) =>
        children.Pods.FirstOrDefault(pod => IsOverdue(pod, now)) is { } pod ? OfPod(pod)
        : children.StatefulSets.FirstOrDefault(set => IsOverdue(set, now)) is { } held
            ? new ProxyProgress(false, StatefulSetNotEnding, $"{Overdue("StatefulSet", held)}; {Release(held)}")
        : null;

    /// <summary>When something that is on its way out now becomes an obstacle.</summary>
    public static TimeSpan? TimeLeft(ProxyChildren children, DateTimeOffset now)
    {
        var left = children.Pods.Concat<IKubernetesObject>(children.StatefulSets)
            .Select(child => child.Metadata.DeletionTimestamp + Patience - now)
            .Where(time => time > TimeSpan.Zero);
        return left.Min();
    }

    private static bool IsOverdue(IKubernetesObject child, DateTimeOffset now) => now - child.Metadata.DeletionTimestamp >= Patience;

    private static ProxyProgress OfPod(Pod pod)
    {
        var remedy = pod.Metadata.Finalizers is { Count: > 0 }
            ? Release(pod)
            : (pod.Spec?.NodeName is { } node ? $"see whether node {node} is up; if it is gone for good" : "if nothing runs it any more")
                + $", run: kubectl delete pod -n {pod.Metadata.Namespace} {pod.Metadata.Name} --force --grace-period=0";
        return new ProxyProgress(false, PodNotEnding, $"{Overdue("Pod", pod)}; {remedy}");
    }

    private static string Overdue(string kind, IKubernetesObject child) =>
        $"the removal waits for {kind} {child.Metadata.Namespace}/{child.Metadata.Name}, which should have ended at {child.Metadata.DeletionTimestamp:yyyy-MM-dd'T'HH:mm:ss'Z'}";

    private static string Release(IKubernetesObject child) => child.Metadata.Finalizers is { Count: > 0 } finalizers
        ? $"its finalizers {string.Join(", ", finalizers)} hold it: see to what set them, or take them off"
        : "see whether the cluster's garbage collector works";
}
