using Fairlead.Kubernetes.Client;
using Fairlead.Kubernetes.Configuration;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Resources.ApiExtensions;
using Fairlead.Kubernetes.Resources.Apps;
using Fairlead.Kubernetes.Resources.Authentication;
using Fairlead.Kubernetes.Resources.Coordination;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Kubernetes.Resources.Rbac;

namespace Fairlead.Kubernetes.Tests.Client.Cluster;

/// <summary>What only an API server can confirm: that it understands us, and we it.</summary>
public sealed class ClusterTests(TestCluster cluster) : IClassFixture<TestCluster>
{
    private readonly KubernetesClient _client = cluster.Client;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_object_lives_from_creation_to_deletion()
    {
        var maps = _client.For(KubernetesResources.ConfigMaps);
        var created = await maps.CreateAsync(Map("life", "1"), cancellationToken: Cancellation);
        var again = await Assert.ThrowsAsync<KubernetesApiException>(() => maps.CreateAsync(Map("life", "1"), cancellationToken: Cancellation));
        var updated = await maps.UpdateAsync(created with { Data = new Dictionary<string, string> { ["k"] = "2" } }, cancellationToken: Cancellation);
        var stale = await Assert.ThrowsAsync<KubernetesApiException>(() => maps.UpdateAsync(created with { Data = null }, cancellationToken: Cancellation));
        var wrongUid = await Assert.ThrowsAsync<KubernetesApiException>(
            () => maps.DeleteAsync(Key("life"), new DeleteOptions { Uid = "00000000-0000-0000-0000-000000000000" }, Cancellation));

        Assert.Equal((true, false), (again.IsAlreadyExists, again.IsConflict));
        Assert.Equal("2", updated.Data?["k"]);
        Assert.True(stale.IsConflict);
        Assert.True(wrongUid.IsConflict);
        Assert.Contains("configmaps \"life\" already exists", again.Message, StringComparison.Ordinal);
        Assert.True(await maps.TryDeleteAsync(Key("life"), new DeleteOptions { Uid = updated.Metadata.Uid }, Cancellation));
        Assert.False(await maps.TryDeleteAsync(Key("life"), cancellationToken: Cancellation));
        Assert.Null(await maps.TryGetAsync(Key("life"), Cancellation));
    }

    [Fact]
    public async Task Every_group_that_is_impersonated_counts()
    {
        await GrantAsync("maps", "configmaps", "first, nights");
        await GrantAsync("accounts", "serviceaccounts", "second");
        using var impersonating = new KubernetesClient(_client.Configuration with
        {
            Impersonation = new Impersonation { User = "jane", Groups = ["first, nights", "second"] },
        });

        await AllowedAsync(() => impersonating.For(KubernetesResources.ConfigMaps).ListAllAsync(cluster.Namespace, cancellationToken: Cancellation));
        await AllowedAsync(() => impersonating.For(KubernetesResources.ServiceAccounts).ListAllAsync(cluster.Namespace, cancellationToken: Cancellation));
        var refused = await Assert.ThrowsAsync<KubernetesApiException>(
            () => impersonating.For(KubernetesResources.Secrets).ListAllAsync(cluster.Namespace, cancellationToken: Cancellation));
        Assert.Contains("\"jane\"", refused.Message, StringComparison.Ordinal);
    }

    private async Task GrantAsync(string name, string resource, string group)
    {
        const string Rbac = "rbac.authorization.k8s.io";
        var metadata = new ObjectMeta { Namespace = cluster.Namespace, Name = name };
        await _client.For(KubernetesResources.Roles).CreateAsync(
            new Role { Metadata = metadata, Rules = [new PolicyRule { ApiGroups = [""], Resources = [resource], Verbs = ["list"] }] }, cancellationToken: Cancellation);
        await _client.For(KubernetesResources.RoleBindings).CreateAsync(
            new RoleBinding
            {
                Metadata = metadata,
                RoleRef = new RoleRef { ApiGroup = Rbac, Kind = "Role", Name = name },
                Subjects = [new Subject { ApiGroup = Rbac, Kind = "Group", Name = group }],
            },
            cancellationToken: Cancellation);
    }

    /// <summary>A real server's authorizer learns of a new binding a moment later.</summary>
    private static async Task AllowedAsync(Func<Task> request)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                await request();
                return;
            }
            catch (KubernetesApiException e) when (e.IsForbidden && tries < 100)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
            }
        }
    }

    [Fact]
    public async Task Applying_the_same_again_changes_nothing_and_anothers_field_is_a_conflict()
    {
        var maps = _client.For(KubernetesResources.ConfigMaps);
        var first = await maps.ApplyAsync(Map("applied", "1"), cancellationToken: Cancellation);
        var second = await maps.ApplyAsync(Map("applied", "1"), cancellationToken: Cancellation);
        var other = new ApplyOptions { FieldManager = "another" };
        var conflict = await Assert.ThrowsAsync<KubernetesApiException>(() => maps.ApplyAsync(Map("applied", "2"), other, Cancellation));
        var forced = await maps.ApplyAsync(Map("applied", "2"), other with { Force = true }, Cancellation);

        Assert.Equal(first.Metadata.ResourceVersion, second.Metadata.ResourceVersion);
        Assert.True(conflict.IsConflict);
        Assert.Contains(conflict.Details!.Causes!, cause => cause is { Reason: "FieldManagerConflict", Field: ".data.k" });
        Assert.Equal("2", forced.Data?["k"]);
        Assert.Contains(forced.Metadata.ManagedFields!, entry => entry is { Manager: "another", Operation: "Apply" });
    }

    [Theory]
    [InlineData("grün <a href='x'>&amp;</a> +\"\\\"")]
    [InlineData("日本 😀 \\😀\\\\uD83D\\uDE00 \u0001\u007f\u2028\ufeff\u0085")]
    [InlineData("- a: b\n\t# c\r\n")]
    public async Task Any_text_can_be_applied(string text)
    {
        var applied = await _client.For(KubernetesResources.ConfigMaps).ApplyAsync(Map("text", text), cancellationToken: Cancellation);

        Assert.Equal(text, applied.Data?["k"]);
    }

    [Fact]
    public async Task A_dry_run_stores_nothing()
    {
        var maps = _client.For(KubernetesResources.ConfigMaps);

        await maps.CreateAsync(Map("dry", "1"), new WriteOptions { DryRun = true }, Cancellation);

        Assert.Null(await maps.TryGetAsync(Key("dry"), Cancellation));
    }

    [Fact]
    public async Task Lists_come_in_pages_and_watches_go_on_from_there()
    {
        var maps = _client.For(KubernetesResources.ConfigMaps);
        for (var i = 0; i < 5; i++)
            await maps.CreateAsync(Map($"page-{i}", "1", "pages"), cancellationToken: Cancellation);

        var options = new ListOptions { LabelSelector = "set=pages", PageSize = 2 };
        var pages = new List<int>();
        await foreach (var page in maps.ListAsync(cluster.Namespace, options, Cancellation))
            pages.Add(page.Items.Count);

        var list = await maps.ListAllAsync(cluster.Namespace, options, Cancellation);
        await maps.PatchAsync(Key("page-3"), Patch.Merge("""{"data":{"k":"2"}}"""u8.ToArray()), cancellationToken: Cancellation);
        await maps.DeleteCollectionAsync(cluster.Namespace, new ListOptions { LabelSelector = "set=pages" }, cancellationToken: Cancellation);

        Assert.Equal([2, 2, 1], pages);
        Assert.Equal(5, list.Items.Count);
        var seen = new List<WatchEventType>();
        await foreach (var change in maps.WatchAsync(cluster.Namespace, new WatchOptions { ResourceVersion = list.ResourceVersion, LabelSelector = "set=pages" }, Cancellation))
        {
            seen.Add(change.Type);
            if (seen.Count(type => type == WatchEventType.Deleted) == 5)
                break;
        }

        Assert.Equal(WatchEventType.Modified, seen[0]);
    }

    [Fact]
    public async Task A_streaming_list_ends_with_its_bookmark()
    {
        var maps = _client.For(KubernetesResources.ConfigMaps);
        await maps.CreateAsync(Map("streamed", "1", "stream"), cancellationToken: Cancellation);
        var options = new WatchOptions { SendInitialEvents = true, LabelSelector = "set=stream" };

        var seen = new List<WatchEvent<ConfigMap>>();
        await foreach (var change in maps.WatchAsync(cluster.Namespace, options, Cancellation))
        {
            seen.Add(change);
            if (change.InitialEventsEnd)
                break;
        }

        Assert.Equal([WatchEventType.Added, WatchEventType.Bookmark], seen.Select(change => change.Type));
        Assert.NotEqual("", seen[1].ResourceVersion);
    }

    [Fact]
    public async Task Metadata_alone_can_be_listed()
    {
        await _client.For(KubernetesResources.Secrets).CreateAsync(
            new Secret { Metadata = new() { Name = "hidden", Namespace = cluster.Namespace }, StringData = new Dictionary<string, string> { ["k"] = "v" } }, cancellationToken: Cancellation);

        var list = await _client.For(KubernetesResources.Secrets.MetadataOnly()).ListAllAsync(cluster.Namespace, cancellationToken: Cancellation);

        var hidden = Assert.Single(list.Items, item => item.Metadata.Name == "hidden");
        Assert.Null(hidden.Extra);
        Assert.Equal("v"u8.ToArray(), (await _client.For(KubernetesResources.Secrets).GetAsync(Key("hidden"), Cancellation)).Data!["k"]);
    }

    [Fact]
    public async Task A_status_is_written_on_its_own()
    {
        var services = _client.For(KubernetesResources.Services);
        var created = await services.CreateAsync(
            new Service { Metadata = new() { Name = "balanced", Namespace = cluster.Namespace }, Spec = new() { Type = "LoadBalancer", Ports = [new() { Port = 80, TargetPort = "http" }] } },
            cancellationToken: Cancellation);
        var status = new ServiceStatus
        {
            LoadBalancer = new() { Ingress = [new() { Hostname = "a.example" }] },
            Conditions = [new Condition { Type = "Ready", Status = "True", Reason = "Done", Message = "", LastTransitionTime = DateTimeOffset.UnixEpoch }],
        };

        var updated = await services.UpdateAsync(created with { Status = status }, new WriteOptions { Subresource = "status", FieldValidation = "Strict" }, Cancellation);

        Assert.Equal("a.example", Assert.Single(updated.Status!.LoadBalancer!.Ingress!).Hostname);
        Assert.Equal("Done", Assert.Single(updated.Status.Conditions!).Reason);
    }

    [Fact]
    public async Task A_workload_is_scaled()
    {
        var sets = _client.For(KubernetesResources.StatefulSets);
        await sets.CreateAsync(Workload("scaled"), new WriteOptions { FieldValidation = "Strict" }, Cancellation);

        var scale = await sets.SetScaleAsync(Key("scaled"), 0, Cancellation);

        Assert.Equal(0, scale.Spec?.Replicas);
        Assert.Equal(0, (await sets.GetScaleAsync(Key("scaled"), Cancellation)).Spec?.Replicas);
        Assert.Equal(0, (await sets.GetAsync(Key("scaled"), Cancellation)).Spec?.Replicas);
    }

    [Fact]
    public async Task A_lease_keeps_its_microseconds()
    {
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero).AddTicks(1_234_560);
        var lease = new Lease { Metadata = new() { Name = "lease", Namespace = cluster.Namespace }, Spec = new() { HolderIdentity = "me", RenewTime = time, LeaseDurationSeconds = 15 } };

        await _client.For(KubernetesResources.Leases).CreateAsync(lease, cancellationToken: Cancellation);

        Assert.Equal(time, (await _client.For(KubernetesResources.Leases).GetAsync(Key("lease"), Cancellation)).Spec?.RenewTime);
    }

    [Fact]
    public async Task An_invalid_object_names_its_fields()
    {
        var error = await Assert.ThrowsAsync<KubernetesApiException>(() => _client.For(KubernetesResources.Services).CreateAsync(
            new Service { Metadata = new() { Name = "Bad_Name", Namespace = cluster.Namespace }, Spec = new() { Ports = [new() { Port = 80 }] } }, cancellationToken: Cancellation));

        Assert.True(error.IsInvalid);
        Assert.Contains(error.Details!.Causes!, cause => cause.Field == "metadata.name");
    }

    [Fact]
    public async Task A_service_account_gets_a_token()
    {
        var core = await _client.DiscoverAsync("v1", Cancellation);
        Assert.SkipUnless(core!.Resources!.Any(resource => resource.Name == "serviceaccounts/token"), "This API server issues no tokens.");
        await _client.For(KubernetesResources.ServiceAccounts).CreateAsync(
            new ServiceAccount { Metadata = new() { Name = "builder", Namespace = cluster.Namespace } }, cancellationToken: Cancellation);

        var token = await _client.CreateTokenAsync(Key("builder"), new TokenRequestSpec { ExpirationSeconds = 600 }, Cancellation);

        Assert.False(string.IsNullOrEmpty(token.Status?.Token));
        Assert.NotNull(token.Status.ExpirationTimestamp);
    }

    [Fact]
    public async Task A_custom_type_is_served_once_it_is_defined()
    {
        var type = KubernetesResources.CustomResourceDefinitions;
        var gadgets = new ResourceType<PartialObjectMetadata>("clienttests.example", "v1", "Gadget", "gadgets", true, KubernetesResources.Secrets.MetadataOnly().Json);
        Assert.False(await _client.ServesAsync(gadgets, Cancellation));
        try
        {
            await _client.For(type).CreateAsync(Definition(), new WriteOptions { FieldValidation = "Strict" }, Cancellation);

            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            limit.CancelAfter(TimeSpan.FromSeconds(20));
            await foreach (var change in _client.For(type).WatchAsync(null, new WatchOptions { FieldSelector = "metadata.name=gadgets.clienttests.example" }, limit.Token))
            {
                if (change.Object?.Status?.Conditions?.Any(condition => condition is { Type: "Established", Status: "True" }) == true)
                    break;
            }

            while (!await _client.ServesAsync(gadgets, limit.Token))
                await Task.Yield();

            var stored = await _client.For(type).GetAsync(new("", "gadgets.clienttests.example"), Cancellation);
            var schema = stored.Spec!.Versions![0].Schema!.OpenAPIV3Schema!.Properties!["spec"];
            Assert.Equal("self.size > 0", Assert.Single(schema.Validations!).Rule);
            Assert.Equal("string", schema.Properties!["labels"].AdditionalProperties?.Schema?.Type);
        }
        finally
        {
            await _client.For(type).TryDeleteAsync(new("", "gadgets.clienttests.example"), cancellationToken: CancellationToken.None);
        }
    }

    [Fact]
    public async Task The_server_tells_its_version_and_resources()
    {
        var version = await _client.GetVersionAsync(Cancellation);
        var apps = await _client.DiscoverAsync("apps/v1", Cancellation);

        Assert.StartsWith("v1.", version.GitVersion, StringComparison.Ordinal);
        Assert.Contains(apps!.Resources!, resource => resource is { Name: "statefulsets", Namespaced: true, Kind: "StatefulSet" });
        Assert.True(await _client.ServesAsync(KubernetesResources.Leases, Cancellation));
        Assert.Null(await _client.DiscoverAsync("nothing.example/v1", Cancellation));
    }

    private ObjectKey Key(string name) => new(cluster.Namespace, name);

    private ConfigMap Map(string name, string value, string? set = null) => new()
    {
        Metadata = new() { Name = name, Namespace = cluster.Namespace, Labels = set is null ? null : new Dictionary<string, string> { ["set"] = set } },
        Data = new Dictionary<string, string> { ["k"] = value },
    };

    private StatefulSet Workload(string name)
    {
        var labels = new Dictionary<string, string> { ["app"] = name };
        return new StatefulSet
        {
            Metadata = new() { Name = name, Namespace = cluster.Namespace },
            Spec = new()
            {
                Replicas = 1,
                ServiceName = name,
                Selector = new() { MatchLabels = labels },
                Template = new()
                {
                    Metadata = new() { Labels = labels },
                    Spec = new()
                    {
                        SecurityContext = new() { FsGroup = 1000, RunAsNonRoot = true, SeccompProfile = new() { Type = "RuntimeDefault" }, Sysctls = [new() { Name = "net.ipv4.ip_forward", Value = "1" }] },
                        Tolerations = [new() { Key = "spot", Operator = "Exists", Effect = "NoSchedule" }],
                        TopologySpreadConstraints = [new() { MaxSkew = 1, TopologyKey = "zone", WhenUnsatisfiable = "ScheduleAnyway", LabelSelector = new() { MatchLabels = labels } }],
                        Affinity = new() { PodAntiAffinity = new() { PreferredDuringSchedulingIgnoredDuringExecution = [new() { Weight = 1, PodAffinityTerm = new() { TopologyKey = "host", LabelSelector = new() { MatchLabels = labels } } }] } },
                        DnsConfig = new() { Options = [new() { Name = "ndots", Value = "1" }] },
                        Containers =
                        [
                            new()
                            {
                                Name = "main",
                                Image = "example.com/app:1",
                                Ports = [new() { Name = "http", Port = 8080, Protocol = "TCP" }],
                                Env =
                                [
                                    new() { Name = "POD_IP", ValueFrom = new() { FieldRef = new() { FieldPath = "status.podIP" } } },
                                    new() { Name = "KEY", ValueFrom = new() { SecretKeyRef = new() { Name = "s", Key = "k", Optional = true } } },
                                ],
                                Resources = new() { Requests = new Dictionary<string, Quantity> { ["cpu"] = Quantity.Parse("250m"), ["memory"] = Quantity.Parse("64Mi") } },
                                ReadinessProbe = new() { HttpGet = new() { Path = "/healthz", Port = "http" } },
                                SecurityContext = new() { Capabilities = new() { Add = ["NET_ADMIN"], Drop = ["ALL"] } },
                                VolumeMounts = [new() { Name = "config", MountPath = "/etc/app", ReadOnly = true }],
                            },
                        ],
                        Volumes =
                        [
                            new() { Name = "config", Projected = new() { Sources = [new() { Secret = new() { Name = "s", Optional = true } }, new() { ServiceAccountToken = new() { Audience = "a", Path = "token" } }] } },
                            new() { Name = "scratch", EmptyDir = new() { SizeLimit = Quantity.Parse("1Gi") } },
                        ],
                    },
                },
            },
        };
    }

    private static CustomResourceDefinition Definition() => new()
    {
        Metadata = new() { Name = "gadgets.clienttests.example" },
        Spec = new()
        {
            Group = "clienttests.example",
            Scope = "Namespaced",
            Names = new() { Plural = "gadgets", Singular = "gadget", Kind = "Gadget", ListKind = "GadgetList" },
            Versions =
            [
                new()
                {
                    Name = "v1",
                    Served = true,
                    Storage = true,
                    Subresources = new() { Status = new() },
                    AdditionalPrinterColumns = [new() { Name = "Size", Type = "integer", JsonPath = ".spec.size" }],
                    Schema = new()
                    {
                        OpenAPIV3Schema = new()
                        {
                            Type = "object",
                            Properties = new Dictionary<string, JsonSchemaProps>
                            {
                                ["spec"] = new()
                                {
                                    Type = "object",
                                    Required = ["size"],
                                    Properties = new Dictionary<string, JsonSchemaProps>
                                    {
                                        ["size"] = new() { Type = "integer", Format = "int32", Minimum = 0 },
                                        ["labels"] = new() { Type = "object", AdditionalProperties = new JsonSchemaProps { Type = "string" } },
                                        ["parts"] = new() { Type = "array", ListType = "set", Items = new() { Type = "string" } },
                                    },
                                    Validations = [new() { Rule = "self.size > 0", Message = "size must be positive" }],
                                },
                            },
                        },
                    },
                },
            ],
        },
    };
}
