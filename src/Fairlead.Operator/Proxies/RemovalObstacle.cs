using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Core;

namespace Fairlead.Operator.Proxies;

/// <summary>
/// What a removal waits for that nobody ends: an object that was deleted and is still there long after it should have gone, or a Pod
/// that nobody deletes.
/// </summary>
internal static class RemovalObstacle
{
    public const string PodNotEnding = "PodNotEnding";
    public const string PodNotDeleted = "PodNotDeleted";
    public const string StatefulSetNotEnding = "StatefulSetNotEnding";

    // Finalizers of Kubernetes' garbage collector.
    private const string ForegroundDeletion = "foregroundDeletion";
    private const string OrphanDependents = "orphan";

    /// <summary>Beyond the time that an object was given to end. A kubelet that is up takes seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>The obstacle; null when there is none, or none yet.</summary>
    /// <param name="since">When the removal began.</param>
    public static ProxyProgress? Of(ProxyChildren children, DateTimeOffset since, DateTimeOffset now) =>
        children.Pods.FirstOrDefault(pod => IsOverdue(pod, now)) is { } pod ? OfPod(pod)
        : children.StatefulSets.FirstOrDefault(set => IsOverdue(set, now) && !AwaitsPods(set, children)) is { } held
            ? new ProxyProgress(false, StatefulSetNotEnding, $"{Overdue("StatefulSet", held)}; {Release(held)}")
        : now - since >= Patience && children.Pods.FirstOrDefault(pod => IsNobodys(pod, children)) is { } left ? OfLeftPod(left)
        : null;

    /// <summary>
    /// When something that is on its way out now becomes an obstacle, or when a Pod that the operator may not delete is tried again, as
    /// nothing tells of a right that is granted.
    /// </summary>
    public static TimeSpan? LookAgainAfter(ProxyChildren children, DateTimeOffset since, DateTimeOffset now)
    {
        var left = children.Pods.Concat<IKubernetesObject>(children.StatefulSets)
            .Select(child => child.Metadata.DeletionTimestamp + Patience - now)
            .Where(time => time > TimeSpan.Zero);
        var again = children.Pods.Any(pod => IsNobodys(pod, children))
            ? since + Patience - now is var first && first > TimeSpan.Zero ? first : Patience
            : (TimeSpan?)null;
        return left.Append(again).Min();
    }

    private static bool IsOverdue(IKubernetesObject child, DateTimeOffset now) => now - child.Metadata.DeletionTimestamp >= Patience;

    /// <summary>Whether the garbage collector holds the StatefulSet until its Pods have ended, which they are given time for.</summary>
    private static bool AwaitsPods(StatefulSet set, ProxyChildren children) =>
        set.Metadata.Finalizers is { Count: > 0 } finalizers
        && finalizers.All(finalizer => finalizer is ForegroundDeletion or OrphanDependents)
        && children.Pods.Any(pod => pod.Metadata.DeletionTimestamp is not null);

    /// <summary>Whether nothing deletes the Pod any more.</summary>
    private static bool IsNobodys(Pod pod, ProxyChildren children) => pod.Metadata.DeletionTimestamp is null && children.StatefulSets.IsEmpty;

    private static ProxyProgress OfLeftPod(Pod pod) => new(
        false,
        PodNotDeleted,
        $"the removal waits for Pod {pod.Metadata.Namespace}/{pod.Metadata.Name}, which nobody deletes although its StatefulSet is gone; "
        + $"run: kubectl delete pod -n {pod.Metadata.Namespace} {pod.Metadata.Name}, and give the operator the right to delete pods in its namespace");

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
