using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace Fairlead.Kubernetes.Tests.Client;

/// <summary>A server that gives the answers a test has lined up, one per request, and keeps what it was asked.</summary>
internal sealed class AnsweringServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Func<HttpContext, Task>> _answers = new();

    private AnsweringServer(X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is null)
                return;

            listen.Protocols = HttpProtocols.Http1AndHttp2;
            listen.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
                https.AllowAnyClientCertificate();
            });
        }));
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public ConcurrentQueue<ReceivedRequest> Requests { get; } = new();

    public Uri Address { get; private set; } = null!;

    public static async Task<AnsweringServer> StartAsync(X509Certificate2? certificate = null)
    {
        var server = new AnsweringServer(certificate);
        await server._app.StartAsync();
        var port = new Uri(server._app.Urls.First()).Port;
        server.Address = new Uri($"{(certificate is null ? "http" : "https")}://127.0.0.1:{port}");
        return server;
    }

    public KubernetesClient Client(KubernetesClientOptions? options = null) =>
        new(new ClusterConfiguration { Server = Address }, options ?? new KubernetesClientOptions { FieldManager = "tests" });

    public AnsweringServer Answer(string json, int status = 200, string contentType = "application/json", params (string Name, string Value)[] headers) =>
        Answer(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            foreach (var (name, value) in headers)
                context.Response.Headers[name] = value;

            await context.Response.WriteAsync(json);
        });

    public AnsweringServer Answer(Func<HttpContext, Task> answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    public static string Failure(int code, string reason, string message = "no") =>
        $$"""{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{code}}}""";

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        Requests.Enqueue(new ReceivedRequest(
            context.Request.Method,
            context.Request.Path,
            context.Request.QueryString.Value ?? "",
            context.Request.ContentType,
            await reader.ReadToEndAsync(),
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            context.Request.Protocol,
            context.Connection.ClientCertificate?.Subject)
        {
            HeaderLines = context.Request.Headers.ToDictionary(header => header.Key, IReadOnlyList<string?> (header) => [.. header.Value], StringComparer.OrdinalIgnoreCase),
        });
        if (_answers.TryDequeue(out var answer))
            await answer(context);
        else
            context.Response.StatusCode = StatusCodes.Status501NotImplemented;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
