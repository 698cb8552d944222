using System.Collections.Immutable;
using Fairlead.Kubernetes.Resources;
using Fairlead.Tailscale;
using Fairlead.Tailscale.Keys;

namespace Fairlead.Operator.Identity;

/// <summary>
/// Mints a single-use auth key, an <see cref="AuthKey"/>, for the device whose configuration goes into <paramref name="Secret"/>. A key that
/// finds no Secret is revoked.
/// </summary>
public sealed record IssueAuthKeyCall(ObjectKey Secret, ImmutableArray<string> Tags) : TailnetCall
{
    protected override string Purpose => $"issue auth key for {Secret} with tags {string.Join(',', Tags)}";

    public bool Equals(IssueAuthKeyCall? other) => other is not null && Secret == other.Secret && Tailnet == other.Tailnet && Tags.SequenceEqual(other.Tags);

    public override int GetHashCode() => HashCode.Combine(Secret, Tailnet, Tags.Length);

    internal override async ValueTask<object?> MakeAsync(TailscaleClient client, CancellationToken cancellationToken) =>
        await client.Keys.CreateAsync(new AuthKeyRequest { Tags = Tags }, cancellationToken).ConfigureAwait(false);

    internal override async ValueTask DiscardAsync(TailscaleClient client, object result, CancellationToken cancellationToken) =>
        await client.Keys.DeleteAsync(((AuthKey)result).Id, cancellationToken).ConfigureAwait(false);
}
