using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Tailnet.Control.Requests;
using Fairlead.Tailnet.Nodes.State;
using Microsoft.Extensions.Logging;

namespace Fairlead.Tailnet.Nodes.Certificates;

/// <summary>
/// Certificates for a node's names: from the store while they are good, else from the certificate authority. One due for renewal is
/// still given out while the next one is ordered.
/// </summary>
/// <param name="publishAsync">Publishes a TXT record, and returns when it can be seen.</param>
/// <param name="namesReplaced">Whether an order names the certificate that it follows (RFC 9773, 5), which must be of the same account.</param>
internal sealed partial class CertificateIssuer(
    ICertificateStore store,
    HttpMessageInvoker http,
    Uri directory,
    Func<string, string, CancellationToken, Task> publishAsync,
    bool namesReplaced,
    TimeProvider time,
    ILogger logger) : IDisposable
{
    /// <summary>After a renewal failed, how long the certificate in hand is given out without trying again.</summary>
    private static readonly TimeSpan RenewalRetry = TimeSpan.FromHours(1);

    /// <summary>RFC 9773, 4.3: how often to ask for the renewal window where the authority names no time.</summary>
    private static readonly TimeSpan WindowLife = TimeSpan.FromHours(6);

    /// <summary>All of an order, the wait for the record included; each of its steps has a limit of its own.</summary>
    private static readonly TimeSpan OrderLimit = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _lock = new(1, 1);
    private readonly Dictionary<string, CertificateEntry> _entries = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _stopping = new();
    private AcmeClient? _client;
    private AcmeKey? _key;

    /// <summary>
    /// One order at a time for each name, for all who ask; it goes on if they leave. After a failed one the next waits, longer each time.
    /// </summary>
    /// <param name="minValidity">How long it must still be good; one that is not is renewed before this returns.</param>
    /// <exception cref="AcmeException">There is no certificate, and no order brings one, whatever it failed of.</exception>
    /// <exception cref="NodeStateException">The state store cannot be used.</exception>
    public async Task<NodeCertificate> GetAsync(string domain, TimeSpan minValidity, CancellationToken cancellationToken)
    {
        var entry = await EntryAsync(domain, cancellationToken).ConfigureAwait(false);
        Task<NodeCertificate> order;
        lock (entry)
        {
            var now = time.GetUtcNow();
            if (entry.Certificate is { } certificate && certificate.NotAfter - now > minValidity && certificate.NotBefore <= now)
            {
                if (entry.Renewal is null or { IsCompleted: true } && now >= entry.NextRenewal)
                {
                    entry.Renewal = Task.Run(() => RenewAsync(domain, entry, certificate), CancellationToken.None);
                }

                return certificate;
            }

            order = JoinOrder(domain, entry);
        }

        return await order.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _key?.Dispose();
        _stopping.Dispose();
    }

    private async Task<CertificateEntry> EntryAsync(string domain, CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_entries.TryGetValue(domain, out var entry))
            {
                _entries[domain] = entry = new CertificateEntry { Certificate = await LoadAsync(domain, cancellationToken).ConfigureAwait(false) };
            }

            return entry;
        }
        finally
        {
            _lock.Release();
        }
    }

    /// <summary>Called with the entry's lock held.</summary>
    private Task<NodeCertificate> JoinOrder(string domain, CertificateEntry entry)
    {
        if (entry.Order is not { IsCompleted: false })
        {
            entry.Backoff.ThrowIfWaiting(domain, time.GetUtcNow());
            var stopping = _stopping.Token;
            entry.Order = Task.Run(() => OrderAsync(domain, entry, stopping), CancellationToken.None);
        }

        return entry.Order;
    }

    /// <summary>Runs beside those who ask: they get the certificate in hand, whatever the authority does.</summary>
    private async Task RenewAsync(string domain, CertificateEntry entry, NodeCertificate certificate)
    {
        try
        {
            if (await IsDueAsync(domain, entry, certificate).ConfigureAwait(false))
            {
                entry.NextRenewal = time.GetUtcNow() + RenewalRetry;
                Task<NodeCertificate> order;
                lock (entry)
                {
                    order = JoinOrder(domain, entry);
                }

                await order.ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The order has said why; an hour is the least to wait.
            entry.NextRenewal = time.GetUtcNow() + (e is AcmeException { RetryAfter: { } wished } && wished > RenewalRetry ? wished : RenewalRetry);
        }
        catch (OperationCanceledException)
        {
            // The node stops; the certificate in hand is in the store.
        }
    }

    private async Task<NodeCertificate> OrderAsync(string domain, CertificateEntry entry, CancellationToken stopping)
    {
        using var limit = new CancellationTokenSource(OrderLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            using var old = namesReplaced && entry.Certificate is { } previous ? X509Certificate2.CreateFromPem(previous.ChainPem) : null;
            var client = await ClientAsync(either.Token).ConfigureAwait(false);
            var (key, chain) = await client.OrderAsync(domain, old is null ? null : AcmeClient.RenewalId(old), either.Token).ConfigureAwait(false);
            var certificate = Read(key, chain) ?? throw new AcmeException($"What the certificate authority {directory} sends is no certificate.");
            entry.Renewed(certificate);
            Log.Issued(logger, domain, certificate.NotAfter);
            await store.WriteAsync(domain, key, chain, either.Token).ConfigureAwait(false);
            return certificate;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            var failure = Failure(domain, e);
            entry.Backoff.Failed(failure, time.GetUtcNow());
            Log.OrderFailed(logger, domain, failure.Message);
            throw failure;
        }
    }

    /// <summary>Those who ask need to know one kind of failure only: steps of an order are other servers' and stores' too.</summary>
    private static AcmeException Failure(string domain, Exception cause) => cause switch
    {
        AcmeException refused => refused,
        OperationCanceledException => new AcmeException($"The certificate for {domain} did not come within {OrderLimit.TotalMinutes:0} minutes.", cause) { IsTransient = true },
        ControlServerException refused => new AcmeException($"The proof for {domain} could not be published: {refused.Message}", refused)
        {
            RetryAfter = refused.RetryAfter,
            IsTransient = refused.IsTransient,
        },
        _ => new AcmeException($"The order of a certificate for {domain} failed: {cause.Message}", cause) { IsTransient = IsTransient(cause) },
    };

    private static bool IsTransient(Exception cause) =>
        cause is HttpRequestException or IOException or TimeoutException or OperationCanceledException or NodeStateException or ControlServerException { IsTransient: true };

    /// <summary>In the middle of the authority's window, else when two thirds of its life are over.</summary>
    private async Task<bool> IsDueAsync(string domain, CertificateEntry entry, NodeCertificate certificate)
    {
        var now = time.GetUtcNow();
        if (now - entry.WindowAsked > WindowLife)
        {
            entry.WindowAsked = now;
            try
            {
                var stopping = _stopping.Token;
                using var parsed = X509Certificate2.CreateFromPem(certificate.ChainPem);
                var client = await ClientAsync(stopping).ConfigureAwait(false);
                entry.Window = await client.RenewalWindowAsync(parsed, stopping).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // A hint only; without it the rule of two thirds holds.
                Log.NoWindow(logger, domain, certificate.NotAfter, e.Message);
            }
        }

        return entry.Window is { } window
            ? now >= window.Start + ((window.End - window.Start) / 2)
            : now >= certificate.NotBefore + ((certificate.NotAfter - certificate.NotBefore) * 2 / 3);
    }

    private async Task<AcmeClient> ClientAsync(CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_client is null)
            {
                _key ??= await AccountKeyAsync(cancellationToken).ConfigureAwait(false);
                _client = new AcmeClient(new AcmeTransport(http, directory, _key, time), publishAsync, time);
            }

            return _client;
        }
        finally
        {
            _lock.Release();
        }
    }

    private async Task<AcmeKey> AccountKeyAsync(CancellationToken cancellationToken)
    {
        if (await store.ReadAccountKeyAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 } known)
        {
            return AccountKeyOf(known);
        }

        using var created = AcmeKey.Generate();
        return AccountKeyOf(await store.AddAccountKeyAsync(created.ToPem(), cancellationToken).ConfigureAwait(false));
    }

    private static AcmeKey AccountKeyOf(string pem)
    {
        try
        {
            return AcmeKey.FromPem(pem);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new NodeStateException($"The value '{NodeStateKeys.AcmeAccountKey}' of the node's state is no key of an account; remove it to make a new account.");
        }
    }

    private async Task<NodeCertificate?> LoadAsync(string domain, CancellationToken cancellationToken) =>
        await store.ReadAsync(domain, cancellationToken).ConfigureAwait(false) is var (key, chain) ? Read(key, chain) : null;

    /// <returns>Null if key and certificate do not belong together: half of a pair was written before a crash.</returns>
    private static NodeCertificate? Read(string key, string chain)
    {
        try
        {
            return NodeCertificate.FromPem(key, chain);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Certificate for {Domain} issued, valid until {NotAfter:u}")]
        public static partial void Issued(ILogger logger, string domain, DateTimeOffset notAfter);

        [LoggerMessage(2, LogLevel.Warning, "Certificate for {Domain} could not be had: {Reason}")]
        public static partial void OrderFailed(ILogger logger, string domain, string reason);

        [LoggerMessage(3, LogLevel.Debug, "No renewal window for {Domain}'s certificate valid until {NotAfter:u}: {Reason}")]
        public static partial void NoWindow(ILogger logger, string domain, DateTimeOffset notAfter, string reason);
    }
}
