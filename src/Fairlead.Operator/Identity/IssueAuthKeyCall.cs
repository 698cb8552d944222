using System.Collections.Immutable;
using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Identity;

/// <summary>Mints a single-use auth key for the device whose configuration goes into <paramref name="Secret"/>.</summary>
public sealed record IssueAuthKeyCall(ObjectKey Secret, ImmutableArray<string> Tags) : ExternalCall
{
    public override string Identity => $"issue auth key for {Secret} with tags {string.Join(',', Tags)}";

    public bool Equals(IssueAuthKeyCall? other) => other is not null && Secret == other.Secret && Tags.SequenceEqual(other.Tags);

    public override int GetHashCode() => HashCode.Combine(Secret, Tags.Length);
}
