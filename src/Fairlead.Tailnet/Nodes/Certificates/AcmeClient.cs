using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Fairlead.Tailnet.Nodes.Certificates;

/// <summary>Gets certificates by proving control of a name over DNS (RFC 8555 with dns-01; renewal hints of RFC 9773).</summary>
/// <param name="publishAsync">Publishes a TXT record, and returns when it can be seen.</param>
internal sealed class AcmeClient(AcmeTransport transport, Func<string, string, CancellationToken, Task> publishAsync, TimeProvider time)
{
    /// <summary>Between looks at something that the authority works on, where it names no time.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>How long an authority may work on one thing; Let's Encrypt takes seconds.</summary>
    private static readonly TimeSpan WorkLimit = TimeSpan.FromMinutes(3);

    /// <param name="replaces">Identifier of the certificate that this one follows; null for none.</param>
    /// <returns>Key and chain as PEM.</returns>
    /// <exception cref="AcmeException">The authority refuses or does not finish.</exception>
    public async Task<(string KeyPem, string ChainPem)> OrderAsync(string domain, string? replaces, CancellationToken cancellationToken)
    {
        await EnsureAccountAsync(cancellationToken).ConfigureAwait(false);
        var order = await NewOrderAsync(domain, replaces, cancellationToken).ConfigureAwait(false);
        foreach (var authorization in order.Body.Items("authorizations").ToArray())
        {
            var url = authorization.AsHttpUri() ?? throw new AcmeException($"The certificate authority does not say where the authorization for {domain} is.");
            await AuthorizeAsync(url, cancellationToken).ConfigureAwait(false);
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={domain}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(domain);
        request.CertificateExtensions.Add(names.Build());
        var orderUrl = order.Location ?? throw new AcmeException("The certificate authority does not say where the order is.");
        await transport.PostAsync(order.Address("finalize"), new JsonObject { ["csr"] = Base64Url.EncodeToString(request.CreateSigningRequest()) }, cancellationToken).ConfigureAwait(false);
        var done = await WaitForAsync(orderUrl, $"the order for {domain}", cancellationToken).ConfigureAwait(false);
        var chain = await transport.PostAsync(done.Address("certificate"), null, cancellationToken).ConfigureAwait(false);
        return (key.ExportECPrivateKeyPem() + "\n", chain.Text);
    }

    /// <summary>When the authority wants a certificate renewed, at the earliest and latest; null if it does not say.</summary>
    public async Task<(DateTimeOffset Start, DateTimeOffset End)?> RenewalWindowAsync(X509Certificate2 certificate, CancellationToken cancellationToken)
    {
        if (RenewalId(certificate) is not { } id || await transport.FindAsync("renewalInfo", cancellationToken).ConfigureAwait(false) is not { } url)
        {
            return null;
        }

        var reply = await transport.GetAsync(new Uri($"{url.AbsoluteUri.TrimEnd('/')}/{id}"), cancellationToken).ConfigureAwait(false);
        return WindowOf(reply);
    }

    /// <summary>Null if the authority names none, or one that is none.</summary>
    public static (DateTimeOffset Start, DateTimeOffset End)? WindowOf(AcmeReply reply)
    {
        var window = reply.Body.At("suggestedWindow");
        return TryParseTime(window.Text("start"), out var start) && TryParseTime(window.Text("end"), out var end) && start <= end ? (start, end) : null;
    }

    /// <summary>RFC 9773, 4.1: who signed it and its serial number; null if the certificate does not name its signer's key.</summary>
    public static string? RenewalId(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().FirstOrDefault()?.KeyIdentifier is { } signer
            ? $"{Base64Url.EncodeToString(signer.Span)}.{Base64Url.EncodeToString(certificate.SerialNumberBytes.Span)}"
            : null;

    private async Task EnsureAccountAsync(CancellationToken cancellationToken)
    {
        if (transport.Account is null)
        {
            var url = await transport.RequireAsync("newAccount", cancellationToken).ConfigureAwait(false);
            var reply = await transport.PostAsync(url, new JsonObject { ["termsOfServiceAgreed"] = true }, cancellationToken).ConfigureAwait(false);
            transport.Account = reply.Location ?? throw new AcmeException("The certificate authority does not say where the account is.");
        }
    }

    private async Task<AcmeReply> NewOrderAsync(string domain, string? replaces, CancellationToken cancellationToken)
    {
        var url = await transport.RequireAsync("newOrder", cancellationToken).ConfigureAwait(false);
        var order = new JsonObject { ["identifiers"] = new JsonArray(new JsonObject { ["type"] = "dns", ["value"] = domain }) };
        if (replaces is not null && await transport.FindAsync("renewalInfo", cancellationToken).ConfigureAwait(false) is not null)
        {
            order["replaces"] = replaces;
        }

        try
        {
            return await transport.PostAsync(url, order, cancellationToken).ConfigureAwait(false);
        }
        catch (AcmeException e) when (order.ContainsKey("replaces") && e.Kind is "alreadyReplaced" or "malformed" or "conflict" or "unauthorized")
        {
            // A renewal that was ordered before, or a certificate of another account: an order without the hint is still good.
            order.Remove("replaces");
            return await transport.PostAsync(url, order, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task AuthorizeAsync(Uri url, CancellationToken cancellationToken)
    {
        var authorization = await transport.PostAsync(url, null, cancellationToken).ConfigureAwait(false);
        if (authorization.Field("status") == "valid")
        {
            return;
        }

        var name = authorization.Body.At("identifier").Text("value") ?? "";
        var challenge = authorization.Body.Items("challenges").FirstOrDefault(challenge => challenge.Text("type") == "dns-01")
            ?? throw new AcmeException($"The certificate authority does not take a proof over DNS for {name}.");
        var answerAt = challenge.At("url").AsHttpUri() ?? throw new AcmeException($"The certificate authority does not say where to answer its challenge for {name}.");
        var proof = transport.Key.DnsProof(challenge.Text("token") ?? "");
        await publishAsync($"_acme-challenge.{name}", proof, cancellationToken).ConfigureAwait(false);
        await transport.PostAsync(answerAt, new JsonObject(), cancellationToken).ConfigureAwait(false);
        await WaitForAsync(url, $"the proof for {name}", cancellationToken).ConfigureAwait(false);
    }

    private async Task<AcmeReply> WaitForAsync(Uri url, string what, CancellationToken cancellationToken)
    {
        var begin = time.GetTimestamp();
        while (true)
        {
            var reply = await transport.PostAsync(url, null, cancellationToken).ConfigureAwait(false);
            switch (reply.Field("status"))
            {
                case "valid":
                    return reply;
                case "pending" or "processing" or "ready" when time.GetElapsedTime(begin) < WorkLimit:
                    await Task.Delay(reply.RetryAfter is { } wished && wished > TimeSpan.Zero && wished < WorkLimit ? wished : PollInterval, time, cancellationToken).ConfigureAwait(false);
                    break;
                case var status:
                    throw new AcmeException($"The certificate authority ended {what} as {status}: {Reason(reply)}");
            }
        }
    }

    /// <summary>RFC 9773, 4.2: an RFC 3339 time.</summary>
    private static bool TryParseTime(string? text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    private static string Reason(AcmeReply reply) =>
        reply.Body.At("error").Text("detail")
        ?? reply.Body.Items("challenges").Select(challenge => challenge.At("error").Text("detail")).FirstOrDefault(detail => detail is not null)
        ?? "no reason given";
}
