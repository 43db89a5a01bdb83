import type { Schemas } from "../api/client";

/** An invented county. No name, number or address belongs to anybody. */
const id = (n: number) => `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`;

export const region: Schemas["PublicRegion"] = {
  id: id(1),
  name: "清河县教育局",
  name_en: "Qinghe County Education Bureau",
  hotline: "0000-5550100",
  address: "清河县城关镇文庙路8号",
};

const bureau: Schemas["UnitRef"] = { id: region.id, name: region.name, name_en: region.name_en };

const none: Schemas["PublicFigures"] = {
  received: null,
  replied: null,
  median_days_to_reply: null,
  satisfied: null,
  rated: null,
};

type Seed = [name: string, english: string, kind: Schemas["OrgUnitKind"], address: string];

const seeds: Seed[] = [
  ["清河县柳湾小学", "Liuwan Primary School", "school", "柳湾镇河堤路18号"],
  ["清河县第一中学", "Qinghe No. 1 Middle School", "school", "城关镇学府路1号"],
  ["清河县东河初级中学", "Donghe Junior Middle School", "school", "东河镇东风街66号"],
  ["清河县石桥镇中心小学", "Shiqiao Central Primary School", "school", "石桥镇中街9号"],
  ["清河县白塔幼儿园", "Baita Kindergarten", "kindergarten", "白塔乡塔前路3号"],
  ["清河县机关幼儿园", "County Offices Kindergarten", "kindergarten", "城关镇文庙路20号"],
  ["基础教育股", "Basic Education Office", "office", "城关镇文庙路8号2楼"],
  ["学生资助管理中心", "Student Aid Centre", "office", "城关镇文庙路8号3楼"],
  ["学籍窗口", "Pupil Records Window", "window", "城关镇文庙路8号1楼大厅"],
];

export const units: Schemas["PublicUnit"][] = [
  {
    ...bureau,
    parent: null,
    kind: "bureau",
    head: "周慧敏",
    hotline: region.hotline,
    address: region.address,
    opening_hours: "工作日8:30至12:00，14:30至17:30",
    name_en: bureau.name_en ?? null,
    closed_at: null,
    successors: [],
    predecessors: [],
    children_count: seeds.length,
    complaints: { received: 2431, replied: 2186, median_days_to_reply: 6, satisfied: 1702, rated: 1858 },
  },
  ...seeds.map(([name, english, kind, address], index) => ({
    id: id(index + 2),
    parent: bureau,
    kind,
    name,
    name_en: english,
    head: index === 0 ? "林书远" : null,
    hotline: `0000-55501${String(23 + index)}`,
    address,
    opening_hours: "工作日8:00至12:00，14:00至17:30",
    closed_at: null,
    successors: [],
    predecessors: [],
    children_count: 0,
    complaints:
      index === 0
        ? { received: 37, replied: 35, median_days_to_reply: 5, satisfied: 22, rated: 24 }
        : index % 2 === 0
          ? none
          : { received: 12 + index, replied: 9, median_days_to_reply: 7.5, satisfied: null, rated: null },
  })),
];

const category = (n: number, name: string, name_en: string): Schemas["CategoryRef"] => ({
  id: id(700 + n),
  name,
  name_en,
  has_below: false,
});

export const statistics: Schemas["PublicComplaintStatistics"] = {
  year: 2026,
  years: [2024, 2025, 2026],
  figures: { received: 2431, replied: 2186, median_days_to_reply: 6, satisfied: 1702, rated: 1858 },
  by_kind: [
    { kind: "grievance", received: 1320 },
    { kind: "inquiry", received: 611 },
    { kind: "suggestion", received: 402 },
    { kind: "praise", received: null },
  ],
  by_category: [
    { category: category(1, "学校食堂", "School meals"), received: 612 },
    { category: category(2, "教育收费", "School fees"), received: 431 },
    { category: category(3, "招生入学", "Admission"), received: 388 },
    { category: null, received: 214 },
    { category: category(4, "校车", "School buses"), received: null },
    { category: category(5, "宿舍", "Dormitories"), received: null },
  ],
  by_month: [
    [182, 168],
    [101, 98],
    [226, 205],
    [250, 241],
    [230, 224],
    [198, 195],
    [103, 99],
    [153, 118],
    [410, 338],
    [318, 300],
    [260, 160],
  ].map(([received, replied], index) => ({
    month: `2026-${String(index + 1).padStart(2, "0")}`,
    received: received ?? null,
    replied: replied ?? null,
  })),
};

/** The receipt code of `tracked`, and of what is filed in mock mode. */
export const receiptCode = "7KQM4XWD9TRF2HNCP3VBZ86E";

const school: Schemas["UnitRef"] = {
  id: id(2),
  name: "清河县柳湾小学",
  name_en: "Liuwan Primary School",
};

export const handling: Schemas["TrackedComplaint"] = {
  attachments: [],
  number: "QH-2026-004217",
  kind: "grievance",
  state: "in_handling",
  title: "食堂菜谱两周没有更新",
  body: "这两周食堂门口贴的菜谱一直是11月第1周的，没有换过。孩子回来说周三吃的是土豆丝和豆腐，可菜谱上写的是红烧鸡块。\n\n我们家长看不到孩子到底吃了什么，希望每天的菜谱能当天公示。",
  unit: school,
  received_on: "2026-11-09",
  due_on: "2027-01-11",
  due_is_provisional: true,
  allowed_actions: ["add", "withdraw"],
  timeline: [
    { action: "received", on: "2026-11-09", unit: bureau, until: null, reason: null },
    { action: "accepted", on: "2026-11-10", unit: bureau, until: null, reason: null },
    { action: "assigned", on: "2026-11-11", unit: school, until: null, reason: null },
    { action: "handling", on: "2026-11-12", unit: school, until: null, reason: null },
    { action: "message", on: "2026-11-18", unit: null, until: null, reason: null },
  ],
  messages: [
    {
      id: id(900),
      from: "staff",
      body: "您好，请问孩子说的“周三”是11月11日，还是11月4日？",
      on: "2026-11-18",
    },
    { id: id(901), from: "complainant", body: "是11日那个周三。", on: "2026-11-18" },
  ],
  reply: null,
  not_accepted_reason: null,
  where_to_go: null,
  rating: null,
  due: {
    clock: "decide",
    starts_on: "2026-11-10",
    counts: "calendar_days",
    days: 60,
    extended_by: 0,
    held_days: 0,
    days_off: 0,
    rolled_forward: true,
    is_kept_as_told: false,
    due_on: "2027-01-11",
    is_provisional: true,
    explanation: "从2026年11月10日的次日起算60天，末日是休息日，顺延到下一个工作日，截止2027年1月11日。",
  },
  held_until: null,
  rating_until: null,
  identity_openings: [],
  contact_erased_on: null,
  is_emergency: false,
  referred_reason: null,
  next_step: "handling",
};

/** The staff have asked something, and the clock is held until it is answered. */
export const waiting: Schemas["TrackedComplaint"] = {
  ...handling,
  state: "waiting",
  timeline: [
    ...handling.timeline,
    { action: "held", on: "2026-11-23", unit: null, until: "2026-12-03", reason: null },
  ],
  messages: [
    ...handling.messages,
    { id: id(902), from: "staff", body: "请问孩子在几年级几班？", on: "2026-11-23" },
  ],
  held_until: "2026-12-03",
  next_step: "your_answer",
};

export const replied: Schemas["TrackedComplaint"] = {
  ...handling,
  state: "replied",
  due_on: "2026-12-07",
  due_is_provisional: false,
  allowed_actions: ["add", "rate"],
  timeline: [
    ...handling.timeline,
    { action: "replied", on: "2026-11-20", unit: school, until: null, reason: null },
  ],
  rating_until: "2026-12-05",
  reply: {
    body: "",
    request: "食堂菜谱两周没有更新，看不到孩子实际吃了什么。",
    facts: "属实。11月第1周起公示栏没有更换；11月11日因供货临时变动，红烧鸡块换成了豆腐，没有告诉家长。",
    decision:
      "11月16日起，每天7:30前在校门口和网上公示当日菜谱，临时换菜当天写明原因；陪餐和留样记录同时公开。",
    basis: "学校公开承诺书第1项、第7项。",
    unit: school,
    replied_on: "2026-11-20",
  },
  next_step: "rating",
};
