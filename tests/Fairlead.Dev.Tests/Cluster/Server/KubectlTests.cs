namespace Fairlead.Dev.Tests.Cluster.Server;

/// <summary>The command-line tools people use, against the embedded server.</summary>
public sealed class KubectlTests
{
    private const string Service = """
        apiVersion: v1
        kind: Service
        metadata:
          name: web
          namespace: default
        spec:
          selector:
            app: web
          ports:
          - port: 80
            targetPort: 8080
        """;

    private const string Deployment = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: default}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: nginx}]}
        """;

    private const string Definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata:
          name: widgets.test.example.com
        spec:
          group: test.example.com
          scope: Namespaced
          names: {plural: widgets, singular: widget, kind: Widget, shortNames: [wd]}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            additionalPrinterColumns:
            - {name: Size, type: integer, jsonPath: .spec.size}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    required: [size]
                    properties:
                      size: {type: integer, minimum: 1, description: How large it is.}
                  status:
                    type: object
                    x-kubernetes-preserve-unknown-fields: true
        """;

    private const string Widget = """
        apiVersion: test.example.com/v1
        kind: Widget
        metadata: {name: one, namespace: default}
        spec: {size: 3}
        """;

    [Fact]
    public async Task Get_prints_tables_and_describe_prints_details()
    {
        await using var kubectl = await Kubectl.StartAsync();
        Assert.Matches(@"kubernetes +ClusterIP +10\.96\.0\.1 +<none> +443/TCP", await kubectl.RunAsync("get", "services", "-A"));
        Assert.Contains("10.96.0.1", await kubectl.RunAsync("describe", "service", "kubernetes"));
        Assert.Contains("kube-system", await kubectl.RunAsync("get", "ns"));
        Assert.Contains("deployments", await kubectl.RunAsync("api-resources"));
    }

    [Fact]
    public async Task Apply_works_on_the_client_and_on_the_server_and_reports_conflicts()
    {
        await using var kubectl = await Kubectl.StartAsync();
        Assert.Contains("service/web created", await kubectl.RunAsync(Service, ["apply", "-f", "-"]));
        Assert.Contains("unchanged", await kubectl.RunAsync(Service, ["apply", "-f", "-"]));
        Assert.Contains("configured", await kubectl.RunAsync(Service.Replace("8080", "8081"), ["apply", "-f", "-"]));
        Assert.Contains("conflict", await kubectl.RunAsync(
            Service.Replace("8080", "9090"), ["apply", "--server-side", "--field-manager", "other", "-f", "-"], exitCode: 1));
        Assert.Contains("serverside-applied", await kubectl.RunAsync(
            Service.Replace("8080", "9090"), ["apply", "--server-side", "--force-conflicts", "--field-manager", "other", "-f", "-"]));
        Assert.Equal("9090", await kubectl.RunAsync("get", "service", "web", "-o", "jsonpath={.spec.ports[0].targetPort}"));
        Assert.Contains("unknown field", await kubectl.RunAsync(Service.Replace("selector:", "selectr:"), ["apply", "-f", "-"], exitCode: 1));
    }

    [Fact]
    public async Task A_custom_resource_is_served_explained_validated_and_removed_with_its_definition()
    {
        await using var kubectl = await Kubectl.StartAsync();
        await kubectl.RunAsync(Definition, ["apply", "-f", "-"]);
        await kubectl.RunAsync("wait", "--for=condition=Established", "--timeout=5s", "crd/widgets.test.example.com");
        await kubectl.RunAsync(Widget, ["apply", "-f", "-"]);
        Assert.Matches(@"NAME +SIZE\s+one +3", await kubectl.RunAsync("get", "wd"));
        Assert.Contains("How large it is", await kubectl.RunAsync("explain", "widget.spec.size"));
        Assert.Contains("spec.size", await kubectl.RunAsync(Widget.Replace("size: 3", "size: 0"), ["apply", "-f", "-"], exitCode: 1));
        await kubectl.RunAsync("delete", "crd", "widgets.test.example.com", "--timeout=10s");
        await kubectl.RunAsync(null, ["get", "widgets"], exitCode: 1);
    }

    [Fact]
    public async Task Patch_label_scale_wait_and_delete_work()
    {
        await using var kubectl = await Kubectl.StartAsync();
        await kubectl.RunAsync(Service, ["apply", "-f", "-"]);
        await kubectl.RunAsync("label", "service", "web", "tier=front");
        await kubectl.RunAsync("patch", "service", "web", "-p", """{"spec":{"ports":[{"port":80,"name":"http"}]}}""");
        await kubectl.RunAsync("patch", "service", "web", "--type=json", "-p", """[{"op":"remove","path":"/metadata/labels/tier"}]""");
        await kubectl.RunAsync(Deployment, ["apply", "-f", "-"]);
        await kubectl.RunAsync("scale", "deployment", "web", "--replicas=3");
        await kubectl.RunAsync("wait", "--for=jsonpath={.status.replicas}=3", "deployment/web", "--timeout=5s");
        await kubectl.RunAsync("delete", "service", "web", "--timeout=5s");
        await kubectl.RunAsync("wait", "--for=delete", "service/web", "--timeout=5s");
    }

    [Fact]
    public async Task Imperative_commands_whose_requests_are_protobuf_work()
    {
        await using var kubectl = await Kubectl.StartAsync();
        Assert.Contains("yes", await kubectl.RunAsync("auth", "can-i", "create", "pods"));
        Assert.Contains("no", await kubectl.RunAsync(null, ["auth", "can-i", "create", "pods", "--as", "alice"], exitCode: 1));
        Assert.Contains("kubernetes-admin", await kubectl.RunAsync("auth", "whoami"));
        await kubectl.RunAsync("create", "namespace", "shop");
        await kubectl.RunAsync("create", "configmap", "settings", "--from-literal=mode=fast");
        await kubectl.RunAsync("create", "secret", "generic", "key", "--from-literal=value=x");
        Assert.Equal("eA==", await kubectl.RunAsync("get", "secret", "key", "-o", "jsonpath={.data.value}"));
        await kubectl.RunAsync("create", "serviceaccount", "robot");
        Assert.Equal(3, (await kubectl.RunAsync("create", "token", "robot")).Trim().Split('.').Length);
        await kubectl.RunAsync("delete", "configmap", "settings");
    }

    [Fact]
    public async Task Create_makes_workloads_access_and_policies_from_flags()
    {
        await using var kubectl = await Kubectl.StartAsync();
        await kubectl.RunAsync("create", "deployment", "web", "--image=nginx:1", "--port=80", "--replicas=0");
        Assert.Equal("nginx:1 80 0", await kubectl.RunAsync("get", "deployment", "web", "-o",
            "jsonpath={.spec.template.spec.containers[0].image} {.spec.template.spec.containers[0].ports[0].containerPort} {.spec.replicas}"));
        await kubectl.RunAsync("create", "cronjob", "tick", "--image=busybox", "--schedule=*/5 * * * *", "--", "date");
        await kubectl.RunAsync("create", "job", "once", "--from=cronjob/tick");
        Assert.Equal("date", await kubectl.RunAsync("get", "job", "once", "-o", "jsonpath={.spec.template.spec.containers[0].command[0]}"));
        await kubectl.RunAsync("create", "service", "clusterip", "web", "--tcp=80:8080");
        Assert.Equal("8080", await kubectl.RunAsync("get", "service", "web", "-o", "jsonpath={.spec.ports[0].targetPort}"));
        await kubectl.RunAsync("create", "ingress", "web", "--rule=h.example/a*=web:80,tls=sec");
        Assert.Equal("Prefix 80 sec", await kubectl.RunAsync("get", "ingress", "web", "-o",
            "jsonpath={.spec.rules[0].http.paths[0].pathType} {.spec.rules[0].http.paths[0].backend.service.port.number} {.spec.tls[0].secretName}"));
        await kubectl.RunAsync("create", "role", "reader", "--verb=get", "--resource=pods,deployments.apps");
        await kubectl.RunAsync("create", "rolebinding", "reader", "--role=reader", "--user=alice");
        Assert.Contains("yes", await kubectl.RunAsync("auth", "can-i", "get", "deployments.apps", "--as", "alice"));
        await kubectl.RunAsync("create", "clusterrole", "paths", "--verb=get", "--non-resource-url=/readyz");
        await kubectl.RunAsync("create", "clusterrolebinding", "paths", "--clusterrole=paths", "--group=g");
        await kubectl.RunAsync("create", "poddisruptionbudget", "web", "--selector=app=web", "--min-available=50%");
        Assert.Equal("50%", await kubectl.RunAsync("get", "pdb", "web", "-o", "jsonpath={.spec.minAvailable}"));
        await kubectl.RunAsync("create", "priorityclass", "low", "--value=0");
        await kubectl.RunAsync("create", "quota", "few", "--hard=services=2");
        Assert.Contains("exceeded quota", await kubectl.RunAsync(null, ["expose", "deployment", "web", "--name", "third"], exitCode: 1));
    }

    [Fact]
    public async Task Run_expose_and_roll_out_work()
    {
        await using var kubectl = await Kubectl.StartAsync();
        await kubectl.RunAsync("wait", "--for=create", "serviceaccount/default", "--timeout=5s");
        await kubectl.RunAsync("run", "one", "--image=nginx", "--port=80", "--expose");
        Assert.Equal("one", await kubectl.RunAsync("get", "service", "one", "-o", "jsonpath={.spec.selector.run}"));
        await kubectl.RunAsync("create", "deployment", "web", "--image=nginx", "--replicas=0");
        await kubectl.RunAsync("rollout", "restart", "deployment", "web");
        Assert.Contains("successfully rolled out", await kubectl.RunAsync("rollout", "status", "deployment", "web", "--timeout=10s"));
        await kubectl.RunAsync("rollout", "undo", "deployment", "web");
        await kubectl.RunAsync("set", "image", "deployment/web", "nginx=nginx:2");
        await kubectl.RunAsync("annotate", "deployment", "web", "note=x");
        Assert.Contains("<[]Object>", await kubectl.RunAsync("explain", "deployment", "--recursive"));
    }

    [Fact]
    public async Task Apply_on_the_server_takes_over_from_apply_on_the_client()
    {
        await using var kubectl = await Kubectl.StartAsync();
        await kubectl.RunAsync(Service, ["apply", "-f", "-"]);
        await kubectl.RunAsync(null, ["diff", "-f", WriteService(kubectl, "8081")], exitCode: 1);
        Assert.Contains("serverside-applied", await kubectl.RunAsync("apply", "--server-side", "-f", WriteService(kubectl, "8081")));
        Assert.Contains("8081", await kubectl.RunAsync("apply", "view-last-applied", "service", "web"));
    }

    private static string WriteService(Kubectl kubectl, string port)
    {
        var path = Path.Combine(kubectl.Home, "service.yaml");
        File.WriteAllText(path, Service.Replace("8080", port));
        return path;
    }

    [Fact]
    public async Task Edit_and_server_side_dry_run_work()
    {
        await using var kubectl = await Kubectl.StartAsync();
        Assert.Contains("created (server dry run)", await kubectl.RunAsync(Service, ["apply", "--dry-run=server", "-f", "-"]));
        await kubectl.RunAsync(null, ["get", "service", "web"], exitCode: 1);
        await kubectl.RunAsync(Service, ["create", "-f", "-"]);
        await kubectl.RunAsync(null, ["edit", "service", "web", "--windows-line-endings=false"], "kubectl", environment: ("KUBE_EDITOR", "sed -i s/8080/8082/"));
        Assert.Equal("8082", await kubectl.RunAsync("get", "service", "web", "-o", "jsonpath={.spec.ports[0].targetPort}"));
    }

    [Fact]
    public async Task Helm_installs_upgrades_and_uninstalls()
    {
        Assert.SkipUnless(Kubectl.Find("helm") is not null, "helm is not on PATH");
        await using var kubectl = await Kubectl.StartAsync();
        var chart = Path.Combine(kubectl.Home, "web");
        Directory.CreateDirectory(Path.Combine(chart, "templates"));
        await File.WriteAllTextAsync(Path.Combine(chart, "Chart.yaml"), "{apiVersion: v2, name: web, version: 0.1.0}", TestCluster.Token);
        await File.WriteAllTextAsync(
            Path.Combine(chart, "templates", "service.yaml"), Service.Replace("8080", "{{ .Values.port }}"), TestCluster.Token);
        await kubectl.RunAsync(null, ["install", "web", chart, "--set", "port=8080", "--dry-run=server"], "helm");
        await kubectl.RunAsync(null, ["install", "web", chart, "--set", "port=8080"], "helm");
        await kubectl.RunAsync(null, ["upgrade", "web", chart, "--set", "port=8081"], "helm");
        Assert.Equal("8081", await kubectl.RunAsync("get", "service", "web", "-o", "jsonpath={.spec.ports[0].targetPort}"));
        await kubectl.RunAsync(null, ["uninstall", "web"], "helm");
        await kubectl.RunAsync(null, ["get", "service", "web"], exitCode: 1);
    }
}
