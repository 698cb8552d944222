using System.Collections.Immutable;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Operator.Proxies;

/// <summary>Edits lists of conditions.</summary>
internal static class ProxyConditions
{
    /// <summary>
    /// The list with one condition set: in its old place, or at the end. The transition time moves only when the status does,
    /// and has whole seconds.
    /// </summary>
    /// <param name="observedGeneration">Generation of the object judged; null for kinds whose conditions do not say it.</param>
    public static ImmutableArray<Condition> With(
        IReadOnlyList<Condition>? conditions, string type, bool status, string reason, string message, DateTimeOffset now,
        long? observedGeneration = null)
    {
        var list = conditions is null ? [] : conditions.ToImmutableArray();
        var index = list.FindIndex(type);
        var text = status ? "True" : "False";
        var since = index >= 0 && list[index].Status == text ? list[index].LastTransitionTime : WholeSeconds(now);
        var condition = new Condition { Type = type, Status = text, Reason = reason, Message = message, LastTransitionTime = since, ObservedGeneration = observedGeneration };
        return index >= 0 ? list.SetItem(index, condition) : list.Add(condition);
    }

    public static ImmutableArray<Condition> Without(IReadOnlyList<Condition>? conditions, params ReadOnlySpan<string> types)
    {
        var list = ImmutableArray.CreateBuilder<Condition>();
        foreach (var condition in conditions ?? [])
        {
            if (!types.Contains(condition.Type))
            {
                list.Add(condition);
            }
        }

        return list.ToImmutable();
    }

    private static int FindIndex(this ImmutableArray<Condition> list, string type)
    {
        for (var i = 0; i < list.Length; i++)
        {
            if (list[i].Type == type)
            {
                return i;
            }
        }

        return -1;
    }

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => time.AddTicks(-(time.UtcTicks % TimeSpan.TicksPerSecond));
}
