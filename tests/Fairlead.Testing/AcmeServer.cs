using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fairlead.Testing;

/// <summary>A certificate authority of one process: every signature, nonce, proof and request is really checked.</summary>
public sealed class AcmeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ECDsa _rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private readonly ConcurrentDictionary<string, bool> _nonces = new();
    private readonly ConcurrentDictionary<string, JsonNode> _accounts = new();
    private readonly ConcurrentDictionary<string, Order> _orders = new();
    private readonly Func<string, IEnumerable<string>> _lookUp;
    private int _next;

    private AcmeServer(WebApplication app, Func<string, IEnumerable<string>>? lookUp)
    {
        _app = app;
        _lookUp = lookUp ?? (name => TextRecords.TryGetValue(name, out var value) ? [value] : []);
        var request = new CertificateRequest("CN=Test authority", _rootKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(1));
    }

    public Uri Directory => new($"{_app.Urls.Single()}/directory");

    /// <summary>TXT records that can be seen.</summary>
    public ConcurrentDictionary<string, string> TextRecords { get; } = new();

    public ConcurrentQueue<JsonNode> NewOrders { get; } = new();

    public TimeSpan CertificateAge { get; set; }

    public TimeSpan CertificateLife { get; set; } = TimeSpan.FromDays(90);

    public (DateTimeOffset Start, DateTimeOffset End)? RenewalWindow { get; set; }

    /// <summary>How many of the next signed requests get a nonce refusal.</summary>
    public int RefuseNonces { get; set; }

    public bool RateLimited { get; set; }

    /// <param name="lookUp">Text records of a name; those of <see cref="TextRecords"/> if null.</param>
    public static async Task<AcmeServer> StartAsync(Func<string, IEnumerable<string>>? lookUp = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var server = new AcmeServer(app, lookUp);
        app.Use(async (context, next) =>
        {
            context.Response.Headers["Replay-Nonce"] = server.NewNonce();
            await next();
        });
        app.MapGet("/directory", () => server.Json(new JsonObject
        {
            ["newNonce"] = server.Url("nonce"),
            ["newAccount"] = server.Url("account"),
            ["newOrder"] = server.Url("orders"),
            ["renewalInfo"] = server.Url("renewal"),
        }));
        app.MapMethods("/nonce", ["HEAD"], () => Results.Ok());
        app.MapPost("/account", (Delegate)((HttpContext context) => server.SignedAsync(context, (payload, key) =>
        {
            var id = server.Url($"account/{Interlocked.Increment(ref server._next)}");
            server._accounts[id] = key;
            context.Response.Headers.Location = id;
            return server.Json(new JsonObject { ["status"] = "valid" }, 201);
        })));
        app.MapPost("/orders", (Delegate)((HttpContext context) => server.SignedAsync(context, (payload, _) => server.NewOrder(context, payload!))));
        app.MapPost("/order/{id}", (HttpContext context, string id) => server.SignedAsync(context, (_, _) => server.Show(id)));
        app.MapPost("/authorization/{id}", (HttpContext context, string id) => server.SignedAsync(context, (_, _) => server.ShowAuthorization(id)));
        app.MapPost("/challenge/{id}", (HttpContext context, string id) => server.SignedAsync(context, (_, key) => server.Prove(id, key)));
        app.MapPost("/finalize/{id}", (HttpContext context, string id) => server.SignedAsync(context, (payload, _) => server.Finalize(id, payload!)));
        app.MapPost("/certificate/{id}", (HttpContext context, string id) => server.SignedAsync(context, (_, _) => Results.Text(server._orders[id].Chain, "application/pem-certificate-chain")));
        app.MapGet("/renewal/{id}", () => server.RenewalWindow is { } window
            ? server.Json(new JsonObject { ["suggestedWindow"] = new JsonObject { ["start"] = window.Start.ToString("O"), ["end"] = window.End.ToString("O") } })
            : Results.NotFound());
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _root.Dispose();
        _rootKey.Dispose();
    }

    private string Url(string path) => $"{_app.Urls.Single()}/{path}";

    private string NewNonce()
    {
        var nonce = $"nonce{Interlocked.Increment(ref _next)}";
        _nonces[nonce] = true;
        return nonce;
    }

    private IResult Json(JsonNode body, int status = 200) => Results.Text(body.ToJsonString(), "application/json", Encoding.UTF8, status);

    private IResult Problem(string kind, int status = 400) =>
        Json(new JsonObject { ["type"] = $"urn:ietf:params:acme:error:{kind}", ["detail"] = $"refused: {kind}" }, status);

    private async Task<IResult> SignedAsync(HttpContext context, Func<JsonNode?, JsonNode, IResult> handle)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body))!;
        var header = JsonNode.Parse(Base64Url.DecodeFromChars(body["protected"]!.ToString()))!;
        if (RefuseNonces > 0)
        {
            RefuseNonces--;
            return Problem("badNonce");
        }

        if (!_nonces.TryRemove(header["nonce"]!.ToString(), out _))
        {
            return Problem("badNonce");
        }

        if (RateLimited)
        {
            context.Response.Headers.RetryAfter = "120";
            return Problem("rateLimited", 429);
        }

        var key = header["jwk"] ?? (_accounts.TryGetValue(header["kid"]!.ToString(), out var known) ? known : null);
        if (key is null || header["url"]!.ToString() != Url(context.Request.Path.Value![1..]) || context.Request.ContentType != "application/jose+json")
        {
            return Problem("malformed");
        }

        using var verifier = ECDsa.Create(new ECParameters
        {
            Curve = ECCurve.NamedCurves.nistP256,
            Q = new ECPoint { X = Base64Url.DecodeFromChars(key["x"]!.ToString()), Y = Base64Url.DecodeFromChars(key["y"]!.ToString()) },
        });
        var signed = Encoding.ASCII.GetBytes($"{body["protected"]}.{body["payload"]}");
        if (!verifier.VerifyData(signed, Base64Url.DecodeFromChars(body["signature"]!.ToString()), HashAlgorithmName.SHA256))
        {
            return Problem("unauthorized", 403);
        }

        var payload = body["payload"]!.ToString();
        return handle(payload.Length == 0 ? null : JsonNode.Parse(Base64Url.DecodeFromChars(payload)), key);
    }

    private IResult NewOrder(HttpContext context, JsonNode payload)
    {
        NewOrders.Enqueue(payload.DeepClone());
        var id = $"{Interlocked.Increment(ref _next)}";
        _orders[id] = new Order(payload["identifiers"]![0]!["value"]!.ToString());
        context.Response.Headers.Location = Url($"order/{id}");
        return Show(id, 201);
    }

    private IResult Show(string id, int status = 200)
    {
        var order = _orders[id];

        // The first look at a finished order says that it is being worked on.
        var processing = order.Chain is not null && !order.WasSeen;
        order.WasSeen |= order.Chain is not null;
        return Json(
            new JsonObject
            {
                ["status"] = processing ? "processing" : order.Chain is not null ? "valid" : order.IsProven ? "ready" : "pending",
                ["authorizations"] = new JsonArray(Url($"authorization/{id}")),
                ["finalize"] = Url($"finalize/{id}"),
                ["certificate"] = Url($"certificate/{id}"),
            },
            status);
    }

    private IResult ShowAuthorization(string id) => Json(new JsonObject
    {
        ["status"] = _orders[id].Failure is not null ? "invalid" : _orders[id].IsProven ? "valid" : "pending",
        ["identifier"] = new JsonObject { ["type"] = "dns", ["value"] = _orders[id].Domain },
        ["challenges"] = new JsonArray(
            new JsonObject { ["type"] = "http-01", ["url"] = Url("none"), ["token"] = "x" },
            new JsonObject { ["type"] = "dns-01", ["url"] = Url($"challenge/{id}"), ["token"] = $"token{id}", ["error"] = _orders[id].Failure is { } failure ? new JsonObject { ["detail"] = failure } : null }),
    });

    private IResult Prove(string id, JsonNode key)
    {
        var thumbprint = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{key["x"]}}","y":"{{key["y"]}}"}""")));
        var expected = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes($"token{id}.{thumbprint}")));
        if (_lookUp($"_acme-challenge.{_orders[id].Domain}").Contains(expected))
        {
            _orders[id].IsProven = true;
        }
        else
        {
            _orders[id].Failure = "the record is not there";
        }

        return Json(new JsonObject { ["status"] = "processing" });
    }

    private IResult Finalize(string id, JsonNode payload)
    {
        var order = _orders[id];
        var request = CertificateRequest.LoadSigningRequest(
            Base64Url.DecodeFromChars(payload["csr"]!.ToString()), HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        var names = request.CertificateExtensions.OfType<X509SubjectAlternativeNameExtension>().Single().EnumerateDnsNames();
        if (!order.IsProven || !names.SequenceEqual([order.Domain]))
        {
            return Problem("badCSR");
        }

        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        var begin = DateTimeOffset.UtcNow - CertificateAge;
        using var certificate = request.Create(_root, begin, begin + CertificateLife, RandomNumberGenerator.GetBytes(8));
        order.Chain = $"{certificate.ExportCertificatePem()}\n{_root.ExportCertificatePem()}\n";
        return Show(id);
    }

    private sealed class Order(string domain)
    {
        public string Domain => domain;

        public bool IsProven { get; set; }

        public string? Failure { get; set; }

        public string? Chain { get; set; }

        public bool WasSeen { get; set; }
    }
}
